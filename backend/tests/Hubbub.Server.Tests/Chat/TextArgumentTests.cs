using System.Text.Json;
using Hubbub.Server.Chat;

namespace Hubbub.Server.Tests.Chat;

public sealed class TextArgumentTests
{
    [Theory]
    [InlineData("\"hi\"", "hi", false)]
    [InlineData("\"\"", "", false)]
    [InlineData("null", null, false)]
    [InlineData("5", null, false)]
    [InlineData("true", null, false)]
    [InlineData("{\"a\":[1,2]}", null, false)]
    [InlineData("[[]]", null, false)]
    [InlineData("\"\\ud83d\"", null, true)]
    public void Anything_is_read_and_only_strings_are_text(string json, string? text, bool isBroken) =>
        Assert.Equal(new TextArgument(text, isBroken), JsonSerializer.Deserialize<TextArgument>(json));
}
