namespace Hubbub.Backplane.Stores.Redis;

/// <summary>The work of the log inside Redis, which runs a script from beginning to end with nothing in between.</summary>
/// <remarks>
/// <para>Keys of a stream: <c>meta</c>, a hash of <c>epoch</c>, <c>first</c>, <c>tail</c>, <c>keyed</c> (how many retained records have
/// a key) and <c>p:producer</c> = "sequence seconds"; <c>log</c>, a Redis stream whose ids are <c>offset-0</c>; <c>keys</c>, a sorted set of
/// the retained records' keys by offset, so that trimming finds them.</para>
/// <para>Each script begins by looking whether the three fit together. If not, records have been lost, and the stream gets the epoch that the
/// caller offers. Each answers with the server's run id, which names the process: nothing else in Redis changes with a restart or fail-over
/// and can be seen from inside a script, where it cannot be stale as what a client has read when it connected. It costs about 9 µs.
/// A script is not rolled back when it fails, so everything that can fail comes before the first write.</para>
/// </remarks>
internal static class RedisScripts
{
    /// <summary>ARGV[1]: the epoch for a new life.</summary>
    private const string Prologue = """
        local meta, log, keys = KEYS[1], KEYS[2], KEYS[3]
        local function id(offset) return string.format('%.0f-0', offset) end
        local function text(number) return string.format('%.0f', number) end
        local info = redis.call('INFO', 'server')
        local at = string.find(info, 'run_id:', 1, true)
        local run = at and string.sub(info, at + 7, at + 46) or ''
        local m = redis.call('HMGET', meta, 'epoch', 'first', 'tail', 'keyed')
        local epoch, first, tail, keyed = m[1], tonumber(m[2]), tonumber(m[3]), tonumber(m[4])
        if not (epoch and first and tail and keyed) then
          redis.call('DEL', meta)
          redis.call('UNLINK', log, keys)
          epoch, first, tail, keyed = ARGV[1], 1, 0, 0
          redis.call('HSET', meta, 'epoch', epoch, 'first', '1', 'tail', '0', 'keyed', '0')
        elseif redis.call('XLEN', log) ~= tail - first + 1 or redis.call('ZCARD', keys) ~= keyed then
          redis.call('UNLINK', log, keys)
          epoch, first, keyed = ARGV[1], tail + 1, 0
          redis.call('HSET', meta, 'epoch', epoch, 'first', text(first), 'keyed', '0')
        end

        """;

    public static RedisScript Open { get; } = new(Prologue + "return {epoch, first, tail, run}");

    /// <summary>
    /// ARGV[2…]: channel, producer, sequence, epoch ("" for any), run id ("" for any), then body and key ("" for none) of each record. Publishes
    /// a <see cref="RedisNotice"/>. Returns epoch, first, tail, run id and how many records were added.
    /// </summary>
    public static RedisScript Append { get; } = new(Prologue + $$"""
        local most = {{RedisNotice.MaxBytes}}
        local producer, sequence = 'p:' .. ARGV[3], tonumber(ARGV[4])
        if ARGV[6] ~= '' and ARGV[6] ~= run then return {epoch, first, tail, run, 0} end
        local last = redis.call('HGET', meta, producer)
        if last and tonumber(string.match(last, '^%d+')) >= sequence or ARGV[5] ~= '' and ARGV[5] ~= epoch then
          return {epoch, first, tail, run, 0}
        end
        local before, bodies, bytes = tail, {''}, 0
        for i = 7, #ARGV, 2 do
          local body, key = ARGV[i], ARGV[i + 1]
          local isNew = key == ''
          if not isNew and redis.call('ZADD', keys, 'NX', text(tail + 1), key) == 1 then
            isNew = true
            keyed = keyed + 1
          end
          if isNew then
            tail = tail + 1
            redis.call('XADD', log, id(tail), 'b', body)
            bytes = bytes + #body
            if bytes <= most then bodies[#bodies + 1] = #body .. ':' .. body end
          end
        end
        redis.call('HSET', meta, 'tail', text(tail), 'keyed', text(keyed), producer, text(sequence) .. ' ' .. redis.call('TIME')[1])
        if tail > before then
          bodies[1] = epoch .. '.' .. run .. ' ' .. (bytes <= most and text(before + 1) or '0') .. ' ' .. text(tail) .. ' '
          redis.call('PUBLISH', ARGV[2], bytes <= most and table.concat(bodies) or bodies[1])
        end
        return {epoch, first, tail, run, tail - before}
        """);

    /// <summary>
    /// ARGV[2…]: after, most records, most bytes. Returns epoch, first, tail, run id, the offset of the first body, bodies. Records are taken out a
    /// few at a time, as many as are likely to fit, since what is too much has been copied in vain.
    /// </summary>
    public static RedisScript Read { get; } = new(Prologue + """
        local start, most, room = math.max(tonumber(ARGV[2]) + 1, first), tonumber(ARGV[3]), tonumber(ARGV[4])
        local result, count, bytes, step = {epoch, first, tail, run, start}, 0, 0, 4
        local next = start
        while next <= tail and count < most do
          local entries = redis.call('XRANGE', log, id(next), '+', 'COUNT', text(math.min(step, most - count)))
          if #entries == 0 or entries[1][1] ~= id(next) then
            return redis.error_reply('ERR the log has a hole at ' .. text(next) .. ': its records were changed from outside')
          end
          for _, entry in ipairs(entries) do
            local body = entry[2][2]
            bytes = bytes + #body
            if count > 0 and bytes > room then return result end
            count = count + 1
            result[5 + count] = body
          end
          next = start + count
          step = math.max(1, math.min(512, math.floor((room - bytes) / (bytes / count + 1))))
        end
        return result
        """);

    /// <summary>ARGV[2…]: up to, most records at a time, lifetime of a producer in seconds. Returns 1 when there is more to trim.</summary>
    public static RedisScript Trim { get; } = new(Prologue + """
        local last = math.min(tonumber(ARGV[2]), tail - 1)
        local stop = math.min(last, first + tonumber(ARGV[3]) - 1)
        if stop >= first then
          redis.call('XTRIM', log, 'MINID', '=', id(stop + 1))
          keyed = keyed - redis.call('ZREMRANGEBYSCORE', keys, '-inf', text(stop))
          redis.call('HSET', meta, 'first', text(stop + 1), 'keyed', text(keyed))
          if stop < last then return 1 end
        end
        local oldest = tonumber(redis.call('TIME')[1]) - tonumber(ARGV[4])
        local fields = redis.call('HGETALL', meta)
        for i = 1, #fields, 2 do
          if string.sub(fields[i], 1, 2) == 'p:' and tonumber(string.match(fields[i + 1], '%d+$')) < oldest then
            redis.call('HDEL', meta, fields[i])
          end
        end
        return 0
        """);

    /// <summary>ARGV[2]: the epoch to replace.</summary>
    public static RedisScript ReplaceEpoch { get; } = new(Prologue + """
        if epoch == ARGV[2] then
          epoch = ARGV[1]
          redis.call('HSET', meta, 'epoch', epoch)
        end
        return {epoch, first, tail, run}
        """);
}
