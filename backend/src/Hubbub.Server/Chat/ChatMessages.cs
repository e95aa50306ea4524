using Dapper;
using Hubbub.Backplane;
using Hubbub.Server.Cluster;
using Hubbub.Server.Platform;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>What is said in rooms: accepting it once, and reading it back.</summary>
internal sealed class ChatMessages(
    NpgsqlDataSource database,
    MessagePublication publication,
    ILogPosition<ChatHub> log,
    ReplicaIdentity replica)
{
    /// <summary>The longest client message id, in UTF-16 code units.</summary>
    public const int MaxClientIdLength = 64;

    /// <summary>
    /// Stores and publishes a message, or finds the one that the same person sent with the same id before and publishes it if it still
    /// waits for that.
    /// </summary>
    /// <remarks>
    /// There is no cancellation: a sender who goes away in the middle has sent the message all the same. Time is bounded by the
    /// database's and the backplane's own limits.
    /// </remarks>
    /// <exception cref="BackplaneUnavailableException">It is stored and will be published later, by a repeat or a sweep.</exception>
    public async Task<ChatResult<Message>> SendAsync(Guid userId, Guid roomId, string rawText, string clientMessageId)
    {
        if (!MessageText.Clean(rawText).Succeeded(out var text, out var unfit))
            return unfit;
        if (clientMessageId.Length is 0 or > MaxClientIdLength || !UnicodeText.CanBeStored(clientMessageId))
            return ChatError.InvalidArgument("clientMessageId has 1 to 64 characters.");

        var stored = await StoreAsync(userId, roomId, text, clientMessageId);
        switch (stored.Outcome)
        {
            case "room_not_found":
                return ChatError.RoomNotFound;
            case "not_a_member":
                return ChatError.NotAMember;
        }

        var message = stored.ToMessage();
        if (stored.IsWaiting)
            await publication.PublishAsync(message, stored.HasEarlier);
        return message;
    }

    /// <summary>A page of a room's history, oldest first.</summary>
    /// <param name="userId">Who reads.</param>
    /// <param name="roomId">Where.</param>
    /// <param name="before">A message id: the page ends before it.</param>
    /// <param name="after">A message id: the page starts after it. With neither, the page is the latest one.</param>
    /// <param name="limit">1 to 100 messages.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ChatResult<MessagePage>> PageAsync(
        Guid userId, Guid roomId, Guid? before, Guid? after, int limit, CancellationToken cancellationToken)
    {
        // Read first: a message after this position may be on the page as well, but none can be in neither.
        var position = log.Current;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var edge = await connection.QuerySingleOrDefaultAsync<PageEdge>(new CommandDefinition(
            """
            select r.id as room_id, (select m.seq from messages m where m.id = @anchor and m.room_id = r.id) as seq
            from rooms r
            where r.id = @roomId
              and (not r.is_private or exists (select from room_members m where m.room_id = r.id and m.user_id = @userId))
            """,
            new { roomId, userId, anchor = before ?? after },
            cancellationToken: cancellationToken));
        if (edge is null)
            return ChatError.RoomNotFound;
        if ((before ?? after) is not null && edge.Seq is null)
            return new ChatError(ChatErrorCodes.MessageNotFound, "There is no such message in this room.");

        var messages = (await connection.QueryAsync<Message>(new CommandDefinition(
            after is null
                ? "select * from message_view where room_id = @roomId and (@seq is null or seq < @seq) order by seq desc limit @count"
                : "select * from message_view where room_id = @roomId and seq > @seq order by seq limit @count",
            new { roomId, seq = edge.Seq, count = limit + 1 },
            cancellationToken: cancellationToken))).AsList();

        var hasMore = messages.Count > limit;
        if (hasMore)
            messages.RemoveAt(limit);
        if (after is null)
            messages.Reverse();
        return new MessagePage(messages, position, hasMore);
    }

    private async Task<SendRow> StoreAsync(Guid userId, Guid roomId, string text, string clientMessageId)
    {
        await using var connection = await database.OpenConnectionAsync();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await connection.QuerySingleAsync<SendRow>(
                    "select * from send_message(@id, @roomId, @userId, @text, @clientMessageId, @replica)",
                    new { id = Guid.CreateVersion7(), roomId, userId, text, clientMessageId, replica = replica.Name });
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && attempt == 1)
            {
                // The same id at the same moment in another room, where no lock was shared. That one is stored now: find it.
            }
        }
    }

    private sealed record PageEdge(Guid RoomId, long? Seq);

    private sealed class SendRow
    {
        public required string Outcome { get; init; }
        public bool IsWaiting { get; init; }
        public bool HasEarlier { get; init; }
        public Guid Id { get; init; }
        public Guid RoomId { get; init; }
        public long Seq { get; init; }
        public Guid UserId { get; init; }
        public string UserName { get; init; } = "";
        public string Text { get; init; } = "";
        public DateTimeOffset SentAt { get; init; }
        public string ClientMessageId { get; init; } = "";
        public string Replica { get; init; } = "";

        public Message ToMessage() => new(Id, RoomId, Seq, UserId, UserName, Text, SentAt, ClientMessageId, Replica);
    }
}
