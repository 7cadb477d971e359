namespace DeviceId.Reporting;

/// <summary>A formatter with the members that the engine expects: <c>MimeType</c> and <c>Format(object, TextWriter)</c>.</summary>
internal sealed class NotebookFormatter<T>(string mimeType, Func<T, string> format)
{
    public string MimeType { get; } = mimeType;

    public bool Format(object instance, TextWriter writer)
    {
        writer.Write(format((T)instance));
        return true;
    }
}
