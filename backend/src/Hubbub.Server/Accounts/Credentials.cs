using System.Buffers;
using System.ComponentModel.DataAnnotations;

namespace Hubbub.Server.Accounts;

/// <summary>What names and passwords are like.</summary>
internal static class Credentials
{
    public const int MinUserName = 3;
    public const int MaxUserName = 32;
    public const int MinPassword = 8;
    public const int MaxPassword = 128;

    /// <summary>The characters of a user name. No others, so that no name looks like another one.</summary>
    public const string UserNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(UserNameCharacters);

    /// <summary>Whether an account may have this name.</summary>
    public static bool IsUserName(string text) =>
        text.Length is >= MinUserName and <= MaxUserName && !text.AsSpan().ContainsAnyExcept(Allowed);
}

/// <summary>The body of <c>POST /api/accounts/register</c>. Public, or the validation would not see it.</summary>
/// <param name="UserName">3 to 32 letters, digits, '.', '_' or '-'.</param>
/// <param name="Password">8 to 128 characters, any, but not only white space.</param>
public sealed record Registration(
    [Required(ErrorMessage = "Enter a user name.")]
    [StringLength(Credentials.MaxUserName, MinimumLength = Credentials.MinUserName, ErrorMessage = "A user name has {2} to {1} characters.")]
    [RegularExpression("[A-Za-z0-9._-]*", ErrorMessage = "A user name has only the letters A to Z, digits, '.', '_' and '-'.")]
    string? UserName,
    [Required(ErrorMessage = "Enter a password.")]
    [StringLength(Credentials.MaxPassword, MinimumLength = Credentials.MinPassword, ErrorMessage = "A password has {2} to {1} characters.")]
    string? Password);

/// <summary>The body of <c>POST /api/accounts/login</c>. Anything but leaving something out is at worst a wrong name or password.</summary>
public sealed record Login(
    [Required(AllowEmptyStrings = true, ErrorMessage = "Enter a user name.")] string? UserName,
    [Required(AllowEmptyStrings = true, ErrorMessage = "Enter a password.")] string? Password);
