using System.Net;

namespace DeviceId.Notebooks.Report;

/// <summary>Plain text in HTML.</summary>
internal static class HtmlText
{
    private const char FirstControlPicture = '\u2400', DeletePicture = '\u2421';

    /// <summary>Encodes text; control characters, which HTML does not allow, become their pictures (U+2400 and following).</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(
        text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.Contains('\u007f', StringComparison.Ordinal) ? ShowControls(text) : text);

    private static string ShowControls(string text) => string.Create(text.Length, text, (shown, original) =>
    {
        for (var i = 0; i < shown.Length; i++)
        {
            shown[i] = original[i] switch
            {
                '\t' or '\n' or '\r' => original[i],
                < ' ' => (char)(FirstControlPicture + original[i]),
                '\u007f' => DeletePicture,
                _ => original[i],
            };
        }
    });
}
