namespace DeviceId.Notebooks.Jupyter;

/// <summary>Converts cursor positions: Jupyter counts Unicode code points, .NET UTF-16 units. They differ after the first emoji.</summary>
internal static class CursorPosition
{
    public static int ToUtf16(string text, int codePoints)
    {
        var at = 0;
        for (; codePoints > 0 && at < text.Length; codePoints--)
            at += Length(text, at);
        return at;
    }

    public static int ToCodePoints(string text, int utf16)
    {
        var count = 0;
        for (var at = 0; at < utf16; at += Length(text, at))
            count++;
        return count;
    }

    private static int Length(string text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
}
