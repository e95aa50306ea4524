using System.Globalization;
using Hubbub.Server.Accounts;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Stocks;

/// <summary>Everything the stock board shows to the outside: the hub at <c>/stockTickerHub</c> and <c>/api/stocks</c>.</summary>
internal static class StockEndpoints
{
    private const int MaxMinutes = 60;
    private const int DefaultPoints = 30;
    private const int MinPoints = 10;
    private const int MaxPoints = 60;
    private const int DefaultTicks = 100;
    private const int MaxTicks = 1000;
    private const int DefaultLines = 50;
    private const int MaxLines = 200;

    /// <summary>Registers the market.</summary>
    public static void AddStocks(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<StockOptions>().BindConfiguration(StockOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<StockMetrics>().AddSingleton<MarketStore>().AddSingleton<MarketOutbox>().AddSingleton<MarketPublication>();
        services.AddSingleton<MarketView>().AddSingleton<PriceStream>().AddSingleton<StockMarket>().AddSingleton<StockHistory>();
        services.AddSingleton<HubFailures<StockTickerHub>>();
        services.AddSingleton<MarketBell>().AddHostedService(provider => provider.GetRequiredService<MarketBell>());
        services.AddHostedService<MarketWatch>();
        services.AddHostedService<MarketLeader>();
        services.AddSignalR().AddHubOptions<StockTickerHub>(hub => hub.AddFilter<HubFailures<StockTickerHub>>());
    }

    /// <summary>Maps the hub and the endpoints.</summary>
    public static void MapStocks(this IEndpointRouteBuilder app)
    {
        app.MapRealtimeHub<StockTickerHub>($"/{StockTickerHub.Route}");

        var stocks = app.MapApi("/api/stocks", "Stocks").RequireSignIn();
        stocks.MapGet("/", Read).Describe("GetBoard", "The market's state and all stocks with their last prices.");
        stocks.MapGet("/{symbol}/history", ReadHistory)
            .Describe("GetHistory", "A stock's bars of five seconds in which its price changed, oldest first.", StatusCodes.Status404NotFound)
            .WithNumber("minutes", "How far back from the last tick.", 1, MaxMinutes, MaxMinutes);
        stocks.MapGet("/sparklines", ReadSparklines)
            .Describe("GetSparklines", "The last prices of each stock's latest bars, oldest first.")
            .WithNumber("points", "The most prices of each stock.", MinPoints, MaxPoints, DefaultPoints);
        stocks.MapGet("/ticks", ReadTicks)
            .Describe("ListTicks", "The ticks after a sequence, oldest first; they are kept for an hour or more.")
            .WithNumber("after", "The sequence of the last tick that the caller has.", 0, long.MaxValue, 0)
            .WithNumber("limit", "The most ticks to return.", 1, MaxTicks, DefaultTicks);
        stocks.MapGet("/audit", ReadAudit).RequireSignIn(Policies.Admin)
            .Describe("ListCommands", "What administrators have done to the market, latest first.")
            .WithNumber("limit", "The most lines to return.", 1, MaxLines, DefaultLines);
    }

    private static async Task<Ok<Board>> Read(MarketView view, CancellationToken cancellationToken)
    {
        var market = await view.ReadAsync(cancellationToken);
        return TypedResults.Ok(new Board(
            market.Status.State, market.Sequence, market.TickedAt, market.Stocks, new Leader(market.Status.Replica, market.Status.Term)));
    }

    private static async Task<Results<Ok<BarsOfStock>, ValidationProblem, ProblemHttpResult>> ReadHistory(
        string symbol, StockHistory history, CancellationToken cancellationToken, string? minutes = null)
    {
        var fields = new FieldErrors();
        var past = Number(minutes, nameof(minutes), MaxMinutes, 1, MaxMinutes, fields);
        if (fields.Any)
            return fields.ToProblem();

        return await history.BarsAsync(symbol, (int)past, cancellationToken) is { } bars
            ? TypedResults.Ok(new BarsOfStock(symbol, bars))
            : TypedResults.Problem(
                "There is no such stock.",
                statusCode: StatusCodes.Status404NotFound,
                extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = "stock_not_found" });
    }

    private static async Task<Results<Ok<Sparklines>, ValidationProblem>> ReadSparklines(
        StockHistory history, CancellationToken cancellationToken, string? points = null)
    {
        var fields = new FieldErrors();
        var count = Number(points, nameof(points), DefaultPoints, MinPoints, MaxPoints, fields);
        return fields.Any ? fields.ToProblem() : TypedResults.Ok(new Sparklines(await history.SparklinesAsync((int)count, cancellationToken)));
    }

    private static async Task<Results<Ok<TickPage>, ValidationProblem>> ReadTicks(
        StockHistory history, CancellationToken cancellationToken, string? after = null, string? limit = null)
    {
        var fields = new FieldErrors();
        var from = Number(after, nameof(after), 0, 0, long.MaxValue, fields);
        var count = Number(limit, nameof(limit), DefaultTicks, 1, MaxTicks, fields);
        return fields.Any ? fields.ToProblem() : TypedResults.Ok(new TickPage(await history.TicksAsync(from, (int)count, cancellationToken)));
    }

    private static async Task<Results<Ok<IReadOnlyList<AuditLine>>, ValidationProblem>> ReadAudit(
        StockHistory history, CancellationToken cancellationToken, string? limit = null)
    {
        var fields = new FieldErrors();
        var count = Number(limit, nameof(limit), DefaultLines, 1, MaxLines, fields);
        return fields.Any ? fields.ToProblem() : TypedResults.Ok(await history.AuditAsync((int)count, cancellationToken));
    }

    private static long Number(string? text, string name, long usual, long least, long most, FieldErrors fields)
    {
        if (text is null)
            return usual;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        fields.Add(name, string.Create(CultureInfo.InvariantCulture, $"{name} is a number from {least} to {most}."));
        return usual;
    }
}

/// <summary>The answer of <c>GET /api/stocks</c>.</summary>
internal sealed record Board(MarketState State, long Sequence, DateTimeOffset TickedAt, IReadOnlyList<Stock> Stocks, Leader Leader);

/// <summary>Who moves the market.</summary>
/// <param name="Replica">The replica that took office last; empty if none has.</param>
/// <param name="Term">Rises with each taking of office.</param>
internal sealed record Leader(string Replica, long Term);

/// <summary>The answer of <c>GET /api/stocks/{symbol}/history</c>.</summary>
internal sealed record BarsOfStock(string Symbol, IReadOnlyList<Bar> Points);

/// <summary>The answer of <c>GET /api/stocks/sparklines</c>.</summary>
internal sealed record Sparklines(IReadOnlyDictionary<string, decimal[]> Symbols);

/// <summary>The answer of <c>GET /api/stocks/ticks</c>.</summary>
internal sealed record TickPage(IReadOnlyList<MarketTick> Ticks);
