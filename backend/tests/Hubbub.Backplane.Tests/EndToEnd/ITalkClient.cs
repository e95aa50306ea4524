namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>What the hubs of these tests call on their clients.</summary>
public interface ITalkClient
{
    Task Say(string text);

    Task<int> Ask(int number);
}
