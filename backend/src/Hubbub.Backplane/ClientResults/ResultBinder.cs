using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.ClientResults;

/// <summary>Tells a protocol that parses one completion which type its result has.</summary>
internal sealed class ResultBinder(Type resultType) : IInvocationBinder
{
    public Type GetReturnType(string invocationId) => resultType;

    public IReadOnlyList<Type> GetParameterTypes(string methodName) => throw new InvalidOperationException("Only completions are parsed here.");

    public Type GetStreamItemType(string streamId) => throw new InvalidOperationException("Only completions are parsed here.");
}
