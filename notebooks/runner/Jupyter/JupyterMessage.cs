using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>One message of the Jupyter protocol 5.3.</summary>
/// <param name="Identities">The routing prefix: who gets the answer; for published messages the topic.</param>
/// <param name="Header">What the message is.</param>
/// <param name="Parent">The header of the request that it answers; empty for none.</param>
/// <param name="Content">What depends on the type.</param>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    public const string ProtocolVersion = "5.3";

    private static readonly byte[] Delimiter = Encoding.ASCII.GetBytes("<IDS|MSG>");

    public string Type => Text(Header, "msg_type");

    /// <summary>A message of ours.</summary>
    /// <param name="type">Such as "status".</param>
    /// <param name="content">What depends on the type.</param>
    /// <param name="request">What it belongs to; null for what belongs to no request.</param>
    /// <param name="session">Names this run of the kernel.</param>
    /// <param name="identities">Where it goes; none for the requester.</param>
    public static JupyterMessage Create(
        string type, JsonObject content, JupyterMessage? request, string session, params byte[][] identities) => new(
        identities.Length > 0 ? identities : request?.Identities ?? [],
        new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["session"] = session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("O"),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        },
        (JsonObject?)request?.Header.DeepClone() ?? [],
        content);

    /// <summary>Reads what came over a socket; null with the reason where it is not for us.</summary>
    public static JupyterMessage? Parse(IReadOnlyList<byte[]> frames, MessageSigner signer, out string reason)
    {
        var at = 0;
        while (at < frames.Count && !frames[at].AsSpan().SequenceEqual(Delimiter))
            at++;
        reason = at + 5 >= frames.Count ? "not a Jupyter message" : !signer.Verify([.. frames.Skip(at + 2).Take(4)], frames[at + 1])
            ? "wrong signature" : "";
        if (reason.Length > 0)
            return null;
        try
        {
            var parts = frames.Skip(at + 2).Take(4).Select(f => JsonNode.Parse(f) as JsonObject ?? throw new JsonException("no object"))
                .ToArray();
            // Half a surrogate pair is found only when a text is read: here, not where a reply repeats it.
            foreach (var part in parts)
                part.ToJsonString();
            var message = new JupyterMessage([.. frames.Take(at)], parts[0], parts[1], parts[3]);
            return message.Type.Length > 0 ? message : throw new JsonException("no msg_type");
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or InvalidOperationException)
        {
            // A signed message that cannot be read: ArgumentException stands for a name that occurs twice in an object.
            reason = $"not readable: {problem.Message}";
            return null;
        }
    }

    public IReadOnlyList<byte[]> ToFrames(MessageSigner signer)
    {
        byte[][] parts = [.. new[] { Header, Parent, [], Content }.Select(o => Encoding.UTF8.GetBytes(o.ToJsonString()))];
        return [.. Identities, Delimiter, signer.Sign(parts), .. parts];
    }

    /// <summary>A text of the content, empty where it is missing or no text.</summary>
    public string Text(string name) => Text(Content, name);

    /// <summary>A whole number of the content.</summary>
    public int Number(string name, int otherwise) =>
        Content[name] is JsonValue v && v.TryGetValue<int>(out var number) ? number : otherwise;

    /// <summary>A flag of the content.</summary>
    public bool Flag(string name, bool otherwise) => Content[name] is JsonValue v && v.TryGetValue<bool>(out var flag) ? flag : otherwise;

    private static string Text(JsonObject json, string name) =>
        json[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : "";
}
