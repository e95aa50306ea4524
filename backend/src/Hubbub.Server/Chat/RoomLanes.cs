using System.Runtime.ExceptionServices;

namespace Hubbub.Server.Chat;

/// <summary>
/// One lane a room, in which publishing goes one at a time. Those who wait share what the one in front achieves: its progress if it
/// succeeded, its failure if it failed, so that a wait is as long as one attempt and not as the queue.
/// </summary>
internal sealed class RoomLanes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Lane> _lanes = [];

    /// <summary>Sees to it that everything up to <paramref name="upTo"/> is published: by somebody in front, or by <paramref name="publish"/>.</summary>
    /// <param name="roomId">Whose lane.</param>
    /// <param name="upTo">A seq.</param>
    /// <param name="publish">Publishes at least up to that seq and returns how far it came.</param>
    /// <exception cref="Exception">Whatever <paramref name="publish"/> throws, also that of an attempt which began while this call waited.</exception>
    public async Task ReachAsync(Guid roomId, long upTo, Func<Task<long>> publish)
    {
        var lane = Enter(roomId);
        try
        {
            var attemptsBefore = lane.Attempts;
            await lane.Turn.WaitAsync();
            try
            {
                if (lane.Reached >= upTo)
                    return;

                // The attempt that was running may have begun before what we wait for was stored; any later one covers it.
                if (lane.Failure is { } failure && lane.Attempts > attemptsBefore)
                    ExceptionDispatchInfo.Throw(failure);

                await AttemptAsync(lane, publish);
            }
            finally
            {
                lane.Turn.Release();
            }
        }
        finally
        {
            Leave(roomId, lane);
        }
    }

    private static async Task AttemptAsync(Lane lane, Func<Task<long>> publish)
    {
        lane.Attempts++;
        try
        {
            lane.Reached = await publish();
            lane.Failure = null;
        }
        catch (Exception e)
        {
            lane.Failure = e;
            throw;
        }
    }

    private Lane Enter(Guid roomId)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(roomId, out var lane))
                _lanes[roomId] = lane = new Lane();
            lane.Users++;
            return lane;
        }
    }

    private void Leave(Guid roomId, Lane lane)
    {
        lock (_gate)
        {
            if (--lane.Users == 0)
                _lanes.Remove(roomId);
        }
    }

    private sealed class Lane
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public int Users { get; set; }
        public int Attempts { get; set; }
        public long Reached { get; set; }
        public Exception? Failure { get; set; }
    }
}
