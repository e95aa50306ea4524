using System.Data;
using Dapper;

namespace Hubbub.Server.Data;

/// <summary>Lets records hold a <c>text[]</c>, whose type Npgsql tells Dapper only when there is a value.</summary>
internal sealed class TextArrays : SqlMapper.TypeHandler<string[]>
{
    public override string[] Parse(object value) => (string[])value;

    public override void SetValue(IDbDataParameter parameter, string[]? value) => parameter.Value = value is null ? DBNull.Value : value;
}
