using Hubbub.Backplane;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Chat;

/// <summary>
/// Takes stored messages to the backplane, in each room in the order of their <c>seq</c>, whichever replica accepted them. Two replicas
/// may publish the same message; the backplane keeps one.
/// </summary>
internal sealed class MessagePublication(MessageOutbox outbox, IHubContext<ChatHub, IChatClient> hub)
{
    private readonly RoomLanes _lanes = new();
    private readonly SenderTraces _traces = new();

    /// <summary>Publishes one message, and before it those that wait in front of it.</summary>
    /// <param name="message">A stored message.</param>
    /// <param name="hasEarlier">Whether some do wait in front of it, here or on another replica.</param>
    /// <exception cref="BackplaneUnavailableException">It stays in the outbox.</exception>
    public async Task PublishAsync(Message message, bool hasEarlier)
    {
        if (hasEarlier)
        {
            _traces.Remember(message.Id);
            try
            {
                await PublishRoomAsync(message.RoomId, message.Seq);
            }
            finally
            {
                _traces.Forget(message.Id);
            }

            return;
        }

        await hub.Clients.Group(Room.GroupOf(message.RoomId)).ReceiveMessage(message);
        await outbox.RemoveAsync(message.RoomId, message.Seq);
    }

    /// <summary>Publishes what waits in a room, at least up to a seq.</summary>
    /// <exception cref="BackplaneUnavailableException">What is left stays in the outbox.</exception>
    public Task PublishRoomAsync(Guid roomId, long upTo) => _lanes.ReachAsync(roomId, upTo, async () =>
    {
        var reached = 0L;
        while (reached < upTo && await outbox.ReadAsync(roomId) is { Count: > 0 } waiting)
        {
            // All are handed over before the first is awaited: the appender keeps the order and stores them together.
            var room = hub.Clients.Group(Room.GroupOf(roomId));
            await Task.WhenAll(waiting.Select(message => SendAsync(room, message)).ToList());
            reached = waiting[^1].Seq;
            await outbox.RemoveAsync(roomId, reached);
        }

        // Nothing waits any more: whatever we were asked for was published by another replica.
        return Math.Max(reached, upTo);
    });

    private async Task SendAsync(IChatClient room, Message message)
    {
        using var trace = _traces.Continue(message.Id);
        await room.ReceiveMessage(message);
    }
}
