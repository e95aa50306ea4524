using System.Net.Http.Json;
using Hubbub.Server.Cluster;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Cluster;

public sealed class ReplicaListTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_live_replicas_by_name_on_each_of_them()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        foreach (var replica in new[] { cluster[0], cluster[1] })
        {
            var list = await replica.Http.GetFromJsonAsync<Replica[]>("/api/replicas", Stop);
            Assert.Equal(["a", "b"], list!.Select(r => r.Name));
            Assert.Equal([cluster[0].Url.GetLeftPart(UriPartial.Authority), cluster[1].Url.GetLeftPart(UriPartial.Authority)], list!.Select(r => r.Url));
            Assert.All(list!, r => Assert.Equal("0.1.0", r.Version));
        }
    }
}
