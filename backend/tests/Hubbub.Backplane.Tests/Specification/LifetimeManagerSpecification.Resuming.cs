using Hubbub.Backplane.Log;
using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>Clients that come back with a cursor, to the same replica or another.</summary>
public abstract partial class LifetimeManagerSpecification
{
    [Fact]
    public async Task A_client_with_an_empty_cursor_is_new_and_starts_there()
    {
        await _m1.Manager.SendAllAsync("Before", []);
        await _m1.ConnectAsync();
        var client = await _m1.ResumeAsync("");
        Assert.NotNull((await client.ExpectAsync("Resumed", new Resumption(false, 0, "new"))).Cursor);
        await _m2.Manager.SendAllAsync("After", []);
        await client.ExpectAsync("After");
    }

    [Fact]
    public async Task What_the_hub_sends_a_client_on_connecting_comes_behind_Resumed()
    {
        var client = await _m1.ResumeAsync("", onConnected: c => _m1.Manager.SendConnectionAsync(c.Id, "Welcome", []));
        await client.ExpectAsync("Resumed", new Resumption(false, 0, "new"));
        await client.ExpectAsync("Welcome");
        await AssertNothingCameAsync(client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_comes_back_gets_what_it_missed_in_order_then_what_comes(bool toAnotherReplica)
    {
        var client = await _m1.ResumeAsync("", "ann");
        var cursor = (await client.NextAsync()).Cursor;
        await client.EndAsync(_m1.Manager);

        await _m2.Manager.SendAllAsync("All", [1]);
        await _m1.Manager.SendGroupAsync("mine", "Group", [2]);
        await _m1.Manager.SendGroupAsync("other", "Group", [3]);
        await _m2.Manager.SendUserAsync("ann", "User", [4]);
        await _m2.Manager.SendUserAsync("bob", "User", [5]);
        await _m1.Manager.SendConnectionAsync(client.Id, "Connection", [6]);

        var replica = toAnotherReplica ? _m2 : _m1;
        var back = await replica.ResumeAsync(cursor, "ann", onConnected: c => replica.Manager.AddToGroupAsync(c.Id, "mine"));
        await _m1.Manager.SendAllAsync("Live", [7]);
        await back.ExpectAsync("Resumed", new Resumption(true, 3, null));
        await back.ExpectAsync("All", 1);
        await back.ExpectAsync("Group", 2);
        await back.ExpectAsync("User", 4);
        await back.ExpectAsync("Live", 7);
        await AssertNothingCameAsync(back);
    }

    [Fact]
    public async Task A_client_that_missed_nothing_is_resumed_with_nothing()
    {
        var client = await _m1.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor;
        var back = await _m2.ResumeAsync(cursor);
        Assert.Equal(cursor, (await back.ExpectAsync("Resumed", new Resumption(true, 0, null))).Cursor);
        await AssertNothingCameAsync(back);
    }

    [Fact]
    public async Task A_client_that_comes_to_a_replica_which_was_not_there_is_served_from_the_store()
    {
        var client = await _m1.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor;
        for (var i = 0; i < 300; i++)
            await _m1.Manager.SendAllAsync("N", [i]);
        var late = await StartReplicaAsync(options => options.MaxReadRecords = 7);
        var back = await late.ResumeAsync(cursor);
        await back.ExpectAsync("Resumed", new Resumption(true, 300, null));
        for (var i = 0; i < 300; i++)
            await back.ExpectAsync("N", i);
    }

    [Fact]
    public async Task A_client_that_keeps_moving_between_replicas_while_others_send_gets_everything_once_and_in_order()
    {
        const int count = 2_000;
        using var enough = new CancellationTokenSource();
        var sender = Task.Run(async () =>
        {
            for (var i = 0; i < count; i++)
                await (i % 2 == 0 ? _m1 : _m2).Manager.SendGroupAsync("g", "N", [i]);
        });

        var (seen, moves, cursor, previous) = (0, 0, "", "");
        while (seen < count)
        {
            var replica = moves++ % 2 == 0 ? _m1 : _m2;
            var client = await replica.ResumeAsync(cursor, "ann", previous, c => replica.Manager.AddToGroupAsync(c.Id, "g"));
            var first = await client.NextAsync();
            Assert.Equal("Resumed", first.Target);
            cursor = first.Cursor!;
            for (var n = 0; n < 50 && seen < count; n++)
            {
                var message = await client.NextAsync();
                if (moves == 1 && n == 0)
                    seen = int.Parse(message.Arguments[1..^1], System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal($"[{seen}]", message.Arguments);
                seen++;
                cursor = message.Cursor!;
            }

            previous = client.Id;
            await client.EndAsync(replica.Manager);
        }

        await sender;
        Assert.InRange(moves, 10, count);
    }

    [Fact]
    public async Task A_client_whose_records_were_trimmed_is_told_so_and_goes_on_live()
    {
        var client = await _m1.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor;
        for (var i = 0; i < 20; i++)
            await _m1.Manager.SendAllAsync("N", [i]);
        var late = await StartReplicaAsync();
        Assert.True(LogCursor.TryParse(cursor, out var at));
        await _started.OfType<IMessageLog>().Last().TrimAsync(_prefix + typeof(TestHub).FullName, at.Offset + 5, default);
        var back = await late.ResumeAsync(cursor);
        await back.ExpectAsync("Resumed", new Resumption(false, 0, "trimmed"));
        await _m1.Manager.SendAllAsync("Live", []);
        await back.ExpectAsync("Live");
    }

    [Fact]
    public async Task A_client_too_far_behind_is_told_that_it_is_trimmed()
    {
        var few = await StartReplicaAsync(options => options.MaxReplayRecords = 100);
        var client = await few.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor;
        await Task.WhenAll(Enumerable.Range(0, 101).Select(i => few.Manager.SendAllAsync("N", [i])));
        var back = await few.ResumeAsync(cursor);
        await back.ExpectAsync("Resumed", new Resumption(false, 0, "trimmed"));
    }

    [Theory]
    [InlineData("nonsense", "invalid")]
    [InlineData("someotherepoch.5", "epoch")]
    [InlineData("%00.%00", "invalid")]
    public async Task A_cursor_that_is_none_is_refused(string cursor, string reason)
    {
        await _m1.ConnectAsync();
        var client = await _m1.ResumeAsync(cursor);
        Assert.NotNull((await client.ExpectAsync("Resumed", new Resumption(false, 0, reason))).Cursor);
        await _m1.Manager.SendAllAsync("Live", []);
        await client.ExpectAsync("Live");
    }

    [Theory]
    [InlineData(null, "invalid")]
    [InlineData(1u, "epoch")]
    public async Task A_cursor_beyond_the_end_of_the_log_is_refused_as_of_lost_records_if_it_names_one(uint? tag, string reason)
    {
        var client = await _m1.ResumeAsync("");
        Assert.True(LogCursor.TryParse((await client.NextAsync()).Cursor, out var cursor));
        var back = await _m1.ResumeAsync(new LogCursor(cursor.Epoch, cursor.Offset + 1_000_000, tag).ToString());
        await back.ExpectAsync("Resumed", new Resumption(false, 0, reason));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 3)]
    [InlineData(true, 0)]
    [InlineData(true, 3)]
    public async Task A_cursor_that_names_another_record_than_the_one_at_its_offset_is_of_another_life(bool fromStore, int missed)
    {
        var client = await _m1.ResumeAsync("");
        await _m1.Manager.SendAllAsync("Seen", []);
        await client.NextAsync();
        Assert.True(LogCursor.TryParse((await client.ExpectAsync("Seen")).Cursor, out var cursor));
        for (var i = 0; i < missed; i++)
            await _m1.Manager.SendAllAsync("N", [i]);
        for (var i = 0; i < missed; i++)
            await client.ExpectAsync("N", i);

        var replica = fromStore ? await StartReplicaAsync() : _m1;
        var wrong = (cursor with { Tag = cursor.Tag + 1 }).ToString();
        var other = await replica.ResumeAsync(wrong);
        Assert.NotEqual(wrong, (await other.ExpectAsync("Resumed", new Resumption(false, 0, "epoch"))).Cursor);
        foreach (var right in new[] { cursor, cursor with { Tag = null } })
            await (await replica.ResumeAsync(right.ToString())).ExpectAsync("Resumed", new Resumption(true, missed, null));
    }

    [Fact]
    public async Task A_cursor_whose_record_is_trimmed_cannot_be_compared_although_nothing_was_missed()
    {
        var client = await _m1.ResumeAsync("");
        await client.NextAsync();
        await _m1.Manager.SendAllAsync("Seen", []);
        Assert.True(LogCursor.TryParse((await client.ExpectAsync("Seen")).Cursor, out var cursor));
        await _m1.Manager.SendAllAsync("N", []);
        var late = await StartReplicaAsync();
        await _started.OfType<IMessageLog>().Last().TrimAsync(_prefix + typeof(TestHub).FullName, cursor.Offset, default);

        var back = await late.ResumeAsync(cursor.ToString());
        await back.ExpectAsync("Resumed", new Resumption(false, 0, "trimmed"));
        var old = await late.ResumeAsync((cursor with { Tag = null }).ToString());
        await old.ExpectAsync("Resumed", new Resumption(true, 1, null));
    }

    [Fact]
    public async Task Every_cursor_of_a_record_names_its_tag()
    {
        var client = await _m1.ResumeAsync("");
        await _m2.Manager.SendAllAsync("N", []);
        Assert.True(LogCursor.TryParse((await client.NextAsync()).Cursor, out _));
        Assert.True(LogCursor.TryParse((await client.ExpectAsync("N")).Cursor, out var live));
        var late = await StartReplicaAsync();
        Assert.True(LogCursor.TryParse((await (await late.ResumeAsync("")).NextAsync()).Cursor, out var fresh));

        Assert.NotNull(live.Tag);
        Assert.Equal(live, fresh);
    }

    [Fact]
    public async Task A_sender_that_excluded_itself_does_not_get_its_message_by_coming_back()
    {
        var client = await _m1.ResumeAsync("", "ann");
        var cursor = (await client.NextAsync()).Cursor;
        await client.EndAsync(_m1.Manager);
        await _m1.Manager.SendAllExceptAsync("Others", [], [client.Id]);
        var back = await _m2.ResumeAsync(cursor, "ann", client.Id);
        await back.ExpectAsync("Resumed", new Resumption(true, 0, null));
        await AssertNothingCameAsync(back);
    }

    [Fact]
    public async Task A_connection_that_its_user_has_replaced_is_ended_wherever_it_is()
    {
        var client = await _m1.ResumeAsync("", "ann");
        var cursor = (await client.NextAsync()).Cursor;
        await _m2.ResumeAsync(cursor, "bob", client.Id);
        await AssertNothingCameAsync(client);
        Assert.False(client.Connection.ConnectionAborted.IsCancellationRequested, "Another user must not end the connection.");
        await _m2.ResumeAsync(cursor, "ann", client.Id);
        await Eventually.IsTrueAsync(() => client.Connection.ConnectionAborted.IsCancellationRequested, "the replaced connection is ended");
    }

    [Fact]
    public async Task A_client_that_can_resume_is_told_its_position_although_nothing_is_sent_to_it()
    {
        var often = await StartReplicaAsync(options => options.CursorInterval = TimeSpan.FromMilliseconds(300));
        var (client, plain) = (await often.ResumeAsync("", "ann"), await often.ConnectAsync("ann"));
        Assert.True(LogCursor.TryParse((await client.NextAsync()).Cursor, out var before));
        await _m1.Manager.SendUserAsync("bob", "Unrelated", []);
        ReceivedMessage told;
        do
        {
            told = await client.ExpectAsync("Cursor");
        }
        while (told.Cursor == before.ToString());
        Assert.True(LogCursor.TryParse(told.Cursor, out var after));
        Assert.Equal((before.Epoch, before.Offset + 1), (after.Epoch, after.Offset));
        await often.Manager.SendUserAsync("ann", "Marker", []);
        await plain.ExpectAsync("Marker");
    }

    [Fact]
    public async Task A_client_that_reads_its_missed_messages_slowly_delays_nobody()
    {
        var client = await _m1.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor;
        for (var i = 0; i < 50; i++)
            await _m1.Manager.SendAllAsync("N", [i]);
        var slow = await _m1.ResumeAsync(cursor, pauseWriterAt: 64);
        for (var i = 50; i < 100; i++)
            await _m1.Manager.SendAllAsync("N", [i]);
        for (var i = 0; i < 100; i++)
            await client.ExpectAsync("N", i);
        await slow.ExpectAsync("Resumed", new Resumption(true, 50, null));
        for (var i = 0; i < 100; i++)
            await slow.ExpectAsync("N", i);
    }

    [Fact]
    public async Task A_cursor_in_the_hands_of_another_user_gives_no_more_than_that_user_may_have()
    {
        var ann = await _m1.ResumeAsync("", "ann");
        var cursor = (await ann.NextAsync()).Cursor;
        await _m1.Manager.AddToGroupAsync(ann.Id, "annsGroup");
        await _m1.Manager.SendUserAsync("ann", "Secret", []);
        await _m1.Manager.SendGroupAsync("annsGroup", "Secret", []);
        await _m1.Manager.SendConnectionAsync(ann.Id, "Secret", []);
        await _m1.Manager.SendUserAsync("bob", "Own", []);

        var others = new List<TestClient>();
        foreach (var replica in new[] { _m1, _m2, await StartReplicaAsync() })
        {
            var (bob, nobody) = (await replica.ResumeAsync(cursor, "bob", previous: ann.Id), await replica.ResumeAsync(cursor, previous: ann.Id));
            Assert.Equal("Resumed", (await bob.NextAsync()).Target);
            await bob.ExpectAsync("Own");
            Assert.Equal("Resumed", (await nobody.NextAsync()).Target);
            others.AddRange([bob, nobody]);
        }

        await AssertNothingCameAsync([.. others]);
    }
}
