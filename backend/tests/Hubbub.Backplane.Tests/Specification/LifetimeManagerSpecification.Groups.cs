namespace Hubbub.Backplane.Tests.Specification;

/// <summary>Groups: who is in them, from when and until when.</summary>
public abstract partial class LifetimeManagerSpecification
{
    [Fact]
    public async Task A_group_message_reaches_members_only_on_both_replicas()
    {
        var (a, b, c) = (await _m1.ConnectAsync(), await _m2.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.AddToGroupAsync(b.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "Hello", []);
        await a.ExpectAsync("Hello");
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(c);
    }

    [Fact]
    public async Task A_group_message_leaves_out_the_excluded()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.AddToGroupAsync(b.Id, "g");
        await _m1.Manager.SendGroupExceptAsync("g", "Hello", [], [b.Id]);
        await a.ExpectAsync("Hello");
        await AssertNothingCameAsync(b);
    }

    [Fact]
    public async Task A_message_to_two_groups_reaches_a_member_of_both_twice()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m1.Manager.AddToGroupAsync(a.Id, "h");
        await _m2.Manager.AddToGroupAsync(b.Id, "h");
        await _m2.Manager.SendGroupsAsync(["g", "h"], "Hello", []);
        await a.ExpectAsync("Hello");
        await a.ExpectAsync("Hello");
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(a, b);
    }

    [Fact]
    public async Task A_connection_that_has_ended_is_in_no_group()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await a.EndAsync(_m1.Manager);
        await _m2.Manager.SendGroupAsync("g", "Hello", []);
        await _m2.Manager.SendAllAsync("Marker", []);
        await b.ExpectAsync("Marker");
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Leaving_a_group_that_one_is_not_in_does_nothing_here_and_from_another_replica()
    {
        var a = await _m1.ConnectAsync();
        await _m1.Manager.RemoveFromGroupAsync(a.Id, "g");
        await _m2.Manager.RemoveFromGroupAsync(a.Id, "g");
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task A_connection_of_another_replica_can_be_put_into_a_group_and_taken_out()
    {
        var a = await _m1.ConnectAsync();
        await _m2.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "In", []);
        await a.ExpectAsync("In");
        await _m2.Manager.RemoveFromGroupAsync(a.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "Out", []);
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Entering_a_group_twice_here_and_from_another_replica_counts_once()
    {
        var a = await _m1.ConnectAsync();
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "Hello", []);
        await a.ExpectAsync("Hello");
        await AssertNothingCameAsync(a);
        await _m2.Manager.RemoveFromGroupAsync(a.Id, "g");
        await _m1.Manager.SendGroupAsync("g", "Hello", []);
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Groups_for_a_connection_that_is_nowhere_are_no_error()
    {
        await _m1.Manager.AddToGroupAsync("nowhere", "g");
        await _m1.Manager.RemoveFromGroupAsync("nowhere", "g");
        await _m1.Manager.SendConnectionAsync("nowhere", "Hello", []);
    }

    [Fact]
    public async Task Group_names_differ_by_case_and_have_no_patterns()
    {
        var (a, b, c) = (await _m1.ConnectAsync(), await _m2.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "Room");
        await _m1.Manager.AddToGroupAsync(a.Id, "room");
        await _m2.Manager.AddToGroupAsync(b.Id, "*");
        await _m2.Manager.AddToGroupAsync(c.Id, "r?om");
        await _m2.Manager.SendGroupAsync("room", "Lower", []);
        await _m2.Manager.SendGroupAsync("Room", "Upper", []);
        await _m1.Manager.SendGroupAsync("*", "Star", []);
        await a.ExpectAsync("Lower");
        await a.ExpectAsync("Upper");
        await b.ExpectAsync("Star");
        await AssertNothingCameAsync(a, b, c);
    }

    [Fact]
    public async Task A_group_change_counts_for_what_is_sent_after_it_and_not_before()
    {
        var a = await _m1.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await _m1.Manager.SendGroupAsync("g", "Before", [i]);
            await _m1.Manager.AddToGroupAsync(a.Id, "g");
            await _m1.Manager.SendGroupAsync("g", "Member", [i]);
            await _m1.Manager.RemoveFromGroupAsync(a.Id, "g");
            await _m1.Manager.SendGroupAsync("g", "After", [i]);
        }

        for (var i = 0; i < 50; i++)
            await a.ExpectAsync("Member", i);
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Joining_leaving_and_ending_at_the_same_time_leave_nothing_behind()
    {
        var witness = await _m1.ConnectAsync();
        for (var round = 0; round < 20; round++)
        {
            var (client, stays) = (await _m1.ConnectAsync("ann"), await _m1.ConnectAsync("ann"));
            string[] groups = ["g", "G", "h"];
            await Task.WhenAll(
            [
                .. groups.Select(g => Task.Run(() => _m1.Manager.AddToGroupAsync(client.Id, g))),
                .. groups.Select(g => Task.Run(() => _m2.Manager.AddToGroupAsync(client.Id, g))),
                .. groups.Select(g => Task.Run(() => _m1.Manager.RemoveFromGroupAsync(client.Id, g))),
                Task.Run(() => _m1.Manager.SendGroupAsync("g", "During", [])),
                Task.Run(() => client.EndAsync(_m1.Manager)),
                Task.Run(() => _m1.Manager.AddToGroupAsync(stays.Id, "g")),
            ]);

            // Once this has come back no join can be under way any more.
            await _m2.Manager.SendConnectionAsync(witness.Id, "Settled", [round]);
            await witness.ExpectAsync("Settled", round);
            var namesake = await _m1.ConnectAsync(connectionId: client.Id);
            foreach (var group in groups)
                await _m2.Manager.SendGroupAsync(group, "After", [round]);
            await _m2.Manager.SendConnectionAsync(stays.Id, "Last", []);
            await _m2.Manager.SendConnectionAsync(namesake.Id, "Alone", []);

            await namesake.ExpectAsync("Alone");
            var seen = (await stays.NextAsync()).Target;
            Assert.Equal("After", seen == "During" ? (await stays.NextAsync()).Target : seen);
            await stays.ExpectAsync("Last");
            await namesake.EndAsync(_m1.Manager);
            await stays.EndAsync(_m1.Manager);
        }
    }
}
