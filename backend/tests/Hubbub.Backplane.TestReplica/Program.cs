using Hubbub.Backplane.Stores;
using Hubbub.Backplane.TestReplica;
using Npgsql;

// hubbub-backplane-replica STORE CONNECTION PREFIX
//
// A replica in a process of its own, for tests that kill one. It prints its address and ends when its input does.
var (store, connection, prefix) = (args[0], args[1], args[2]);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSignalR().AddMessagePackProtocol().AddLogBackplane(backplane => backplane.StreamPrefix = prefix);
if (store == "redis")
{
    builder.Services.AddRedisMessageLog(redis =>
    {
        redis.UseConnectionString(connection);
        redis.KeyPrefix = prefix;
    });
}
else
{
    builder.Services.AddSingleton(NpgsqlDataSource.Create(connection));
    builder.Services.AddPostgresMessageLog(services => services.GetRequiredService<NpgsqlDataSource>());
}

await using var app = builder.Build();
app.MapHub<RoomHub>("/room");
await app.StartAsync();
Console.WriteLine(app.Urls.Single());
await Console.In.ReadToEndAsync();
await app.StopAsync();
