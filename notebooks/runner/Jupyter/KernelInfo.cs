using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>The kernel's description of itself; editors use it for syntax colours.</summary>
internal static class KernelInfo
{
    /// <summary>The content of kernel_info_reply.</summary>
    public static JsonObject Content() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = JupyterMessage.ProtocolVersion,
        ["implementation"] = "deviceid",
        ["implementation_version"] = typeof(KernelInfo).Assembly.GetName().Version!.ToString(3),
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = "14.0",
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
        },
        ["banner"] = "DeviceId: C# 14 on .NET " + Environment.Version,
        ["help_links"] = new JsonArray(),
    };
}
