using System.Data;
using Dapper;

namespace Hubbub.Server.Data;

/// <summary>Lets records hold a <c>timestamptz</c> as <see cref="DateTimeOffset"/> in UTC, which Npgsql hands out as <see cref="DateTime"/>.</summary>
internal sealed class UtcTimes : SqlMapper.TypeHandler<DateTimeOffset>
{
    public override DateTimeOffset Parse(object value) => value switch
    {
        DateTime { Kind: DateTimeKind.Utc } time => new DateTimeOffset(time),
        DateTimeOffset time => time.ToUniversalTime(),
        _ => throw new InvalidCastException($"{value.GetType().Name} is not a time with a zone; the column has to be timestamptz"),
    };

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
}
