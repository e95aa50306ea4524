using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>A hub without methods: the lifetime manager needs only its name.</summary>
public sealed class TestHub : Hub;
