using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>One message of the Jupyter protocol 5.3.</summary>
/// <param name="Identities">The routing prefix: the receiver of the reply, or the topic of a published message.</param>
/// <param name="Header">The header, with the message type.</param>
/// <param name="Parent">The header of the request; empty for none.</param>
/// <param name="Content">The content; its properties depend on the type.</param>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    public const string ProtocolVersion = "5.3";

    private static readonly byte[] Delimiter = Encoding.ASCII.GetBytes("<IDS|MSG>");

    public string Type => Text(Header, "msg_type");

    /// <summary>Creates a message to send.</summary>
    /// <param name="type">The message type, such as "status".</param>
    /// <param name="content">The content; its properties depend on the type.</param>
    /// <param name="request">The request that it belongs to, or null.</param>
    /// <param name="session">The identifier of this run of the kernel.</param>
    /// <param name="identities">The routing prefix; none for that of the request.</param>
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

    /// <summary>Parses the frames of a socket; returns null and the reason if they are not a correctly signed message.</summary>
    public static JupyterMessage? Parse(IReadOnlyList<byte[]> frames, MessageSigner signer, out string reason)
    {
        var at = 0;
        while (at < frames.Count && !frames[at].AsSpan().SequenceEqual(Delimiter))
            at++;
        reason = "";
        if (at + 5 >= frames.Count)
            reason = "not a Jupyter message";
        else if (!signer.Verify([.. frames.Skip(at + 2).Take(4)], frames[at + 1]))
            reason = "wrong signature";
        if (reason.Length > 0)
            return null;
        try
        {
            var parts = frames.Skip(at + 2).Take(4).Select(f => JsonNode.Parse(f) as JsonObject ?? throw new JsonException("not an object"))
                .ToArray();
            // Strings are decoded only when they are used: serialising them now finds an unpaired surrogate before a reply repeats it.
            foreach (var part in parts)
                part.ToJsonString();
            var message = new JupyterMessage([.. frames.Take(at)], parts[0], parts[1], parts[3]);
            return message.Type.Length > 0 ? message : throw new JsonException("no msg_type");
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or InvalidOperationException)
        {
            // A signed message that cannot be read. ArgumentException means that a name occurs twice in an object.
            reason = $"not readable: {problem.Message}";
            return null;
        }
    }

    public IReadOnlyList<byte[]> ToFrames(MessageSigner signer)
    {
        byte[][] parts = [.. new[] { Header, Parent, [], Content }.Select(o => Encoding.UTF8.GetBytes(o.ToJsonString()))];
        return [.. Identities, Delimiter, signer.Sign(parts), .. parts];
    }

    /// <summary>A string property of the content; empty if it is missing or not a string.</summary>
    public string Text(string name) => Text(Content, name);

    /// <summary>An integer property of the content.</summary>
    public int Number(string name, int defaultValue) =>
        Content[name] is JsonValue v && v.TryGetValue<int>(out var number) ? number : defaultValue;

    /// <summary>A Boolean property of the content.</summary>
    public bool Flag(string name, bool defaultValue) =>
        Content[name] is JsonValue v && v.TryGetValue<bool>(out var flag) ? flag : defaultValue;

    private static string Text(JsonObject json, string name) =>
        json[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : "";
}
