namespace Hubbub.Server.Stocks;

/// <summary>Who can be listed: our own companies first, then as many made from a rule as a test of load may want.</summary>
internal static class Companies
{
    /// <summary>How many we thought of ourselves.</summary>
    public const int Own = 24;

    /// <summary>How many there can be.</summary>
    public const int Most = 1000;

    private static readonly Company[] Ours =
    [
        new("ACRN", "Acorn & Anvil", "Tools", 1, 84.20m, 18),
        new("BRZE", "Breezeway Sails", "Transport", 2, 41.75m, 26),
        new("CLDR", "Cauldron Foods", "Food", 3, 63.10m, 14),
        new("DRFT", "Driftwood Paper", "Materials", 4, 18.45m, 22),
        new("EMBR", "Ember Heating", "Energy", 5, 127.60m, 20),
        new("FERN", "Fern Gully Botanics", "Health", 6, 96.35m, 28),
        new("GLOW", "Glowworm Lighting", "Energy", 7, 22.90m, 34),
        new("HARE", "Hare Express", "Transport", 8, 154.00m, 16),
        new("INKW", "Inkwell Press", "Media", 9, 12.80m, 30),
        new("JUNI", "Juniper Springs", "Food", 10, 35.55m, 12),
        new("KITE", "Kite & String", "Leisure", 11, 48.25m, 32),
        new("LANT", "Lantern Labs", "Technology", 12, 212.40m, 36),
        new("MOSS", "Mossback Insurance", "Finance", 13, 71.05m, 10),
        new("NIMB", "Nimbus Weather", "Technology", 14, 188.15m, 38),
        new("OTTR", "Otter Canals", "Transport", 15, 57.70m, 15),
        new("PLUM", "Plumline Builders", "Materials", 16, 104.95m, 19),
        new("QULT", "Patchwork Textiles", "Materials", 17, 9.60m, 24),
        new("RAVN", "Raven Telegraph", "Media", 18, 133.30m, 27),
        new("SALT", "Saltmarsh Mining", "Materials", 19, 29.15m, 31),
        new("THYM", "Thyme Pharmacy", "Health", 20, 165.80m, 21),
        new("UMBR", "Umbrella Mutual", "Finance", 21, 78.50m, 11),
        new("VALE", "Valewind Turbines", "Energy", 22, 90.25m, 29),
        new("WREN", "Wren Robotics", "Technology", 23, 246.70m, 40),
        new("YARR", "Yarrow Gardens", "Leisure", 24, 15.35m, 17),
    ];

    private static readonly string[] Kinds =
    [
        "Amber", "Birch", "Cobalt", "Dapple", "Elder", "Flint", "Garnet", "Hazel", "Indigo", "Jasper", "Kelp", "Larch", "Maple", "North", "Opal", "Pewter",
        "Quartz", "Russet", "Slate", "Tidal", "Upland", "Velvet", "Willow", "Yellow", "Zephyr", "Bramble", "Copper", "Dusk", "Echo", "Frost", "Granite", "Harbour",
    ];

    private static readonly (string Trade, string Sector)[] Trades =
    [
        ("Bakeries", "Food"), ("Bearings", "Tools"), ("Bridges", "Materials"), ("Canals", "Transport"), ("Clocks", "Leisure"), ("Compasses", "Tools"),
        ("Cranes", "Transport"), ("Dairies", "Food"), ("Dynamos", "Energy"), ("Ferries", "Transport"), ("Glass", "Materials"), ("Harvests", "Food"),
        ("Kilns", "Materials"), ("Ledgers", "Finance"), ("Lenses", "Health"), ("Looms", "Materials"), ("Maps", "Media"), ("Mills", "Food"),
        ("Orchards", "Food"), ("Postcards", "Media"), ("Pumps", "Energy"), ("Radios", "Media"), ("Remedies", "Health"), ("Ropes", "Tools"),
        ("Savings", "Finance"), ("Signals", "Technology"), ("Springs", "Energy"), ("Switches", "Technology"), ("Theatres", "Leisure"), ("Trams", "Transport"),
        ("Valves", "Technology"), ("Vaults", "Finance"),
    ];

    /// <summary>The first so many.</summary>
    public static IReadOnlyList<Company> Take(int count) =>
        [.. Ours.Take(count), .. Enumerable.Range(0, Math.Max(0, Math.Min(count, Most) - Own)).Select(Make)];

    // Every pair of a kind and a trade comes once: 32 of each make 1,024.
    private static Company Make(int index)
    {
        var (trade, sector) = Trades[(index + (index / Kinds.Length)) % Trades.Length];
        var symbol = string.Concat("X", Letter(index / 676), Letter(index / 26), Letter(index));
        return new Company(
            symbol, $"{Kinds[index % Kinds.Length]} {trade}", sector, Own + 1 + index, 5 + (index * 37 % 29_500 / 100m), 10 + (index * 7 % 31));
    }

    private static string Letter(int number) => ((char)('A' + (number % 26))).ToString();
}
