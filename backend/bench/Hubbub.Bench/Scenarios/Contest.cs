using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>
/// Measures systems against each other: what a delivery costs at a fixed rate, in turn and several times, so that the machine's own
/// mood does not look like a difference; then the highest rate of each.
/// </summary>
internal static class Contest
{
    private const int Rounds = 3;

    public static async Task<int> RunAsync(
        Arguments arguments, LoadShape shape, int connections, int publishers, Func<int, string> roomOf, double fixedRate)
    {
        var contenders = new List<Contender>();
        try
        {
            foreach (var name in SystemUnderTest.Names(arguments))
            {
                contenders.Add(await Contender.StartAsync(arguments, name, shape, connections, publishers, roomOf));
                await contenders[^1].WarmUpAsync(fixedRate * 2);
            }

            var atFixedRate = contenders.ConvertAll(_ => new List<Measurement>());
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < contenders.Count; i++)
                {
                    atFixedRate[i].Add(await contenders[i].MeasureAsync(fixedRate));
                    Table.Row(contenders[i].Name, "fixed", atFixedRate[i][^1]);
                }
            }

            var highest = new List<Measurement?>();
            foreach (var contender in contenders)
            {
                if (arguments.Text("highest", "yes") == "no")
                {
                    highest.Add(null);
                    continue;
                }

                highest.Add(await contender.HighestAsync(fixedRate * 2));
                Table.Row(contender.Name, "highest", highest[^1]);
            }

            Table.Ratios([.. contenders.Select((c, i) => new Standing(c.Name, atFixedRate[i], highest[i]))], shape.FanOut);
            return 0;
        }
        finally
        {
            foreach (var contender in contenders)
                await contender.DisposeAsync();
        }
    }
}
