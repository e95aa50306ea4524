using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>Names are names: nothing in them is a pattern, and those of one application are not those of another.</summary>
public abstract partial class LifetimeManagerSpecification
{
    [Theory]
    [InlineData("*")]
    [InlineData("?")]
    [InlineData("[a]")]
    [InlineData("[^b]")]
    [InlineData("user.*")]
    [InlineData("a*")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("a:*")]
    [InlineData("\\*")]
    [InlineData("{a}")]
    public async Task A_name_that_looks_like_a_pattern_means_only_itself(string name)
    {
        var meant = await _m1.ConnectAsync(name, connectionId: name);
        var others = new List<TestClient>();
        foreach (var lookalike in new[] { "a", "user.ann", "a:b" })
        {
            var other = await _m1.ConnectAsync(lookalike, connectionId: lookalike);
            await _m1.Manager.AddToGroupAsync(other.Id, lookalike);
            others.Add(other);
        }

        await _m1.Manager.AddToGroupAsync(meant.Id, name);
        await _m2.Manager.SendGroupAsync(name, "Group", []);
        await _m2.Manager.SendUserAsync(name, "User", []);
        await _m2.Manager.SendConnectionAsync(name, "Connection", []);
        foreach (var other in others)
        {
            await _m2.Manager.SendGroupAsync(other.Id, "NotGroup", []);
            await _m2.Manager.SendUserAsync(other.Id, "NotUser", []);
            await _m2.Manager.SendConnectionAsync(other.Id, "NotConnection", []);
        }

        await meant.ExpectAsync("Group");
        await meant.ExpectAsync("User");
        await meant.ExpectAsync("Connection");
        foreach (var other in others)
        {
            await other.ExpectAsync("NotGroup");
            await other.ExpectAsync("NotUser");
            await other.ExpectAsync("NotConnection");
        }

        await AssertNothingCameAsync([meant, .. others]);
    }

    [Fact]
    public async Task Applications_with_other_prefixes_on_the_same_store_do_not_meet()
    {
        // One prefix begins like another, one differs by case only.
        string[] prefixes = [_prefix, _prefix + "more:", _prefix.ToUpperInvariant()];
        var applications = new List<(Replica Replica, TestClient Client)>();
        foreach (var prefix in prefixes)
        {
            var replica = await StartReplicaAsync(options => options.StreamPrefix = prefix);
            applications.Add((replica, await replica.ConnectAsync("ann", "same")));
            await replica.Manager.AddToGroupAsync("same", "room");
        }

        for (var i = 0; i < applications.Count; i++)
        {
            var manager = applications[i].Replica.Manager;
            await manager.SendAllAsync("All", [i]);
            await manager.SendGroupAsync("room", "Group", [i]);
            await manager.SendUserAsync("ann", "User", [i]);
            await manager.SendConnectionAsync("same", "Connection", [i]);
        }

        for (var i = 0; i < applications.Count; i++)
        {
            await applications[i].Client.ExpectAsync("All", i);
            await applications[i].Client.ExpectAsync("Group", i);
            await applications[i].Client.ExpectAsync("User", i);
            await applications[i].Client.ExpectAsync("Connection", i);
            await applications[i].Replica.Manager.SendAllAsync("Last", []);
            await applications[i].Client.ExpectAsync("Last");
        }
    }
}
