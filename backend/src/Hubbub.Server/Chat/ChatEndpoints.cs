using System.Globalization;
using System.Security.Claims;
using Hubbub.Server.Accounts;
using Hubbub.Server.Cluster;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Chat;

/// <summary>Everything chat shows to the outside: the hub at <c>/chatHub</c> and <c>/api/rooms</c>.</summary>
internal static class ChatEndpoints
{
    private const int DefaultRooms = 100;
    private const int MaxRooms = 200;
    private const int DefaultMessages = 50;
    private const int MaxMessages = 100;

    /// <summary>Registers the chat.</summary>
    public static void AddChat(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ChatOptions>().BindConfiguration(ChatOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ChatRooms>().AddSingleton<ChatMessages>().AddSingleton<ReadMarks>().AddSingleton<ChatRates>();
        services.AddSingleton<MessageOutbox>().AddSingleton<MessagePublication>().AddSingleton<MembershipSync>();
        services.AddSingleton<ChatPresence>().AddSingleton<ChatConnections>().AddSingleton<HubFailures<ChatHub>>();
        services.AddSingleton<PresenceWatch>().AddHostedService(provider => provider.GetRequiredService<PresenceWatch>());
        services.AddSingleton<ChatSweep>().AddHostedService(provider => provider.GetRequiredService<ChatSweep>());
        services.AddSingleton<IAccountCreated, LobbyEntrance>();
        services.AddSingleton<IConnectionsLost>(provider => provider.GetRequiredService<PresenceWatch>());

        services.AddSignalR().AddHubOptions<ChatHub>(hub => hub.AddFilter<HubFailures<ChatHub>>());

        // SignalR logs each refused call as an error with its stack. What is worth a line is logged by HubFailures.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical);
    }

    /// <summary>Maps the hub and the endpoints.</summary>
    public static void MapChat(this IEndpointRouteBuilder app)
    {
        app.MapRealtimeHub<ChatHub>($"/{ChatHub.Route}");

        var rooms = app.MapApi("/api/rooms", "Rooms").RequireSignIn();
        rooms.MapGet("/", ListRooms)
            .Describe("ListRooms", "The caller's rooms, the one with the latest message first, then other public rooms by name.")
            .WithQuery("search", "A part of the name, without regard to case.")
            .WithNumber("limit", "The most rooms to return.", 1, MaxRooms, DefaultRooms);
        rooms.MapPost("/", CreateRoom).AddEndpointFilter(TakeChange).TakesJson().Describe(
            "CreateRoom",
            "Makes a room with the caller as its first member; a clientRoomId used before finds the first room.",
            StatusCodes.Status409Conflict,
            StatusCodes.Status429TooManyRequests);
        rooms.MapGet("/{roomId}", FindRoom).Describe("GetRoom", "A room, as the caller sees it.", StatusCodes.Status404NotFound);
        rooms.MapGet("/{roomId}/messages", ReadMessages)
            .Describe(
                "ListMessages",
                "A page of a room's messages, oldest first, and the position of the log that was read before them.",
                StatusCodes.Status404NotFound)
            .WithQuery("before", "A message id: the page ends before it. Without before and after, the page is the latest one.")
            .WithQuery("after", "A message id: the page begins after it.")
            .WithNumber("limit", "The most messages to return.", 1, MaxMessages, DefaultMessages);
        rooms.MapGet("/{roomId}/people", ListPeople)
            .Describe("ListPeople", "A room's members, online first, at most 500.", StatusCodes.Status404NotFound);
        rooms.MapPost("/{roomId}/members", LetIn).AddEndpointFilter(TakeChange).TakesJson().Describe(
            "AddMember",
            "Adds somebody to a private room that the caller is a member of; repeating it changes nothing.",
            StatusCodes.Status404NotFound,
            StatusCodes.Status409Conflict,
            StatusCodes.Status429TooManyRequests);
    }

    private static async Task<Results<Ok<IReadOnlyList<Room>>, ValidationProblem>> ListRooms(
        ClaimsPrincipal user, ChatRooms rooms, CancellationToken cancellationToken, string? search = null, string? limit = null)
    {
        var fields = new FieldErrors();
        var count = Limit(limit, DefaultRooms, MaxRooms, fields);
        search = search?.Trim() ?? "";
        if (search.Length > RoomName.MaxLength || !UnicodeText.CanBeStored(search))
            fields.Add("search", string.Create(CultureInfo.InvariantCulture, $"search is text of at most {RoomName.MaxLength} characters."));
        if (fields.Any)
            return fields.ToProblem();

        return TypedResults.Ok(await rooms.ListAsync(user.UserId(), search, count, cancellationToken));
    }

    private static async Task<Results<Created<Room>, ValidationProblem, ProblemHttpResult>> CreateRoom(
        NewRoom room, ClaimsPrincipal user, ChatRooms rooms, MembershipSync memberships, CancellationToken cancellationToken)
    {
        var fields = new FieldErrors();
        if (!RoomName.Parse(room.Name).Succeeded(out var name, out var unfit))
            fields.Add("name", unfit.Sentence);
        if (room.ClientRoomId is { } clientId && (clientId.Length is 0 or > ChatRooms.MaxClientIdLength || !UnicodeText.CanBeStored(clientId)))
            fields.Add("clientRoomId", string.Create(CultureInfo.InvariantCulture, $"clientRoomId has 1 to {ChatRooms.MaxClientIdLength} characters."));
        if (fields.Any)
            return fields.ToProblem();

        var created = await rooms.CreateAsync(user.UserId(), name!, room.IsPrivate ?? false, room.ClientRoomId, cancellationToken);
        if (!created.Succeeded(out var roomId, out var taken))
            return Problem(taken);

        await memberships.TrySettleAsync(roomId, user.UserId(), cancellationToken);
        return (await rooms.FindAsync(user.UserId(), roomId, cancellationToken)).Succeeded(out var found, out var gone)
            ? TypedResults.Created($"/api/rooms/{roomId}", found)
            : Problem(gone);
    }

    private static async Task<Results<Ok<Room>, ProblemHttpResult>> FindRoom(
        string roomId, ClaimsPrincipal user, ChatRooms rooms, CancellationToken cancellationToken) =>
        (await rooms.FindAsync(user.UserId(), Id(roomId), cancellationToken)).Succeeded(out var room, out var error)
            ? TypedResults.Ok(room)
            : Problem(error);

    private static async Task<Results<Ok<MessagePage>, ValidationProblem, ProblemHttpResult>> ReadMessages(
        string roomId,
        ClaimsPrincipal user,
        ChatMessages messages,
        CancellationToken cancellationToken,
        string? before = null,
        string? after = null,
        string? limit = null)
    {
        var fields = new FieldErrors();
        var count = Limit(limit, DefaultMessages, MaxMessages, fields);
        if (before is not null && after is not null)
            fields.Add("after", "Give before or after, not both.");
        if (fields.Any)
            return fields.ToProblem();

        var page = await messages.PageAsync(
            user.UserId(), Id(roomId), before is null ? null : Id(before), after is null ? null : Id(after), count, cancellationToken);
        if (page.Succeeded(out var found, out var error))
            return TypedResults.Ok(found);
        if (error.Code != ChatErrorCodes.MessageNotFound)
            return Problem(error);

        fields.Add(before is null ? "after" : "before", error.Sentence);
        return fields.ToProblem();
    }

    private static async Task<Results<Ok<PeopleOfRoom>, ProblemHttpResult>> ListPeople(
        string roomId, ClaimsPrincipal user, ChatRooms rooms, CancellationToken cancellationToken) =>
        (await rooms.PeopleAsync(user.UserId(), Id(roomId), cancellationToken)).Succeeded(out var people, out var error)
            ? TypedResults.Ok(new PeopleOfRoom(people))
            : Problem(error);

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> LetIn(
        string roomId,
        NewMember member,
        ClaimsPrincipal user,
        ChatRooms rooms,
        UserNames users,
        MembershipSync memberships,
        CancellationToken cancellationToken)
    {
        var fields = new FieldErrors();
        if (string.IsNullOrWhiteSpace(member.UserName) || !UnicodeText.CanBeStored(member.UserName))
        {
            fields.Add("userName", "Give the name of the person to let in.");
            return fields.ToProblem();
        }

        var guest = await users.FindAsync(member.UserName, cancellationToken);
        if (await rooms.LetInAsync(user.UserId(), Id(roomId), guest, cancellationToken) is { } error)
            return Problem(error);

        await memberships.TrySettleAsync(Id(roomId), guest!.Value, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ValueTask<object?> TakeChange(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetRequiredService<ChatRates>().TakeChange(http.User.UserId()) is not { } error)
            return next(context);

        http.Response.Headers.RetryAfter = error.RetryAfter?.ToString(CultureInfo.InvariantCulture);
        return ValueTask.FromResult<object?>(Problem(error));
    }

    // An id has no meaning to clients, so one of an odd form is simply that of nothing.
    private static Guid Id(string text) => Guid.TryParseExact(text, "d", out var id) ? id : Guid.Empty;

    private static int Limit(string? text, int usual, int most, FieldErrors fields)
    {
        if (text is null)
            return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most)
            return limit;
        fields.Add("limit", string.Create(CultureInfo.InvariantCulture, $"limit is a number from 1 to {most}."));
        return usual;
    }

    private static ProblemHttpResult Problem(ChatError error) => TypedResults.Problem(
        error.Sentence,
        statusCode: error.Code switch
        {
            ChatErrorCodes.RoomNotFound or ChatErrorCodes.UserNotFound => StatusCodes.Status404NotFound,
            ChatErrorCodes.NameTaken or ChatErrorCodes.TooManyRooms => StatusCodes.Status409Conflict,
            ChatErrorCodes.TooManyRequests => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        },
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = error.Code });
}

/// <summary>The body of <c>POST /api/rooms</c>.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="IsPrivate">False if it is left out.</param>
/// <param name="ClientRoomId">1 to 64 characters: a repeated request with the same one finds the first room. May be left out.</param>
internal sealed record NewRoom(string? Name, bool? IsPrivate, string? ClientRoomId);

/// <summary>The body of <c>POST /api/rooms/{id}/members</c>.</summary>
internal sealed record NewMember(string? UserName);

/// <summary>The answer of <c>GET /api/rooms/{id}/people</c>.</summary>
internal sealed record PeopleOfRoom(IReadOnlyList<Person> People);
