namespace Hubbub.Server.Accounts;

/// <summary>What people may be beyond themselves.</summary>
internal static class Roles
{
    /// <summary>May do what the policy <see cref="Policies.Admin"/> guards.</summary>
    public const string Admin = "admin";
}

/// <summary>The names of authorization policies.</summary>
internal static class Policies
{
    /// <summary>For administrators.</summary>
    public const string Admin = "Admin";
}
