using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>Holds a store that loses, doubles or swaps records to the specification, which has to fail: a test that cannot fail proves nothing.</summary>
public sealed class SpecificationNoticesTests
{
    [Theory]
    [InlineData(Breach.Drops)]
    [InlineData(Breach.Doubles)]
    [InlineData(Breach.Reorders)]
    public async Task A_store_that_breaks_its_promise_fails_the_specification(Breach breach)
    {
        await using var specification = new OfBrokenStore(breach);
        await specification.InitializeAsync();
        var failure = await Record.ExceptionAsync(specification.Everything_sent_one_after_the_other_arrives_in_that_order_whatever_it_was_addressed_to);
        Assert.NotNull(failure);
    }

    private sealed class OfBrokenStore(Breach breach) : LifetimeManagerSpecification
    {
        private readonly BrokenLog _log = new(breach);

        protected override Task<IMessageLog> OpenLogAsync() => Task.FromResult<IMessageLog>(_log);
    }
}
