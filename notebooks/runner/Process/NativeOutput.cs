using System.Text;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Reads what native code and child processes write to standard output or error of a notebook's process. The process writes a marker there
/// at the end of each cell, which shows to which cell the text belongs; a line end is needed nowhere.
/// </summary>
/// <param name="stream">The stream to read.</param>
/// <param name="marker">The marker.</param>
/// <param name="received">Called with the number of markers before a text, and the text.</param>
internal sealed class NativeOutput(Stream stream, byte[] marker, Action<int, string> received)
{
    private const char Separator = '\u001e';

    private readonly string _marker = Encoding.ASCII.GetString(marker);
    private readonly SemaphoreSlim _passed = new(0);
    private readonly TaskCompletionSource _end = new();
    private int _markers;
    private volatile bool _isSilent;

    /// <summary>Completes when the stream has ended.</summary>
    public Task End => _end.Task;

    /// <summary>The marker of a notebook; no text contains it by chance.</summary>
    public static byte[] Marker(string key) => Encoding.ASCII.GetBytes($"{Separator}{key}{Separator}");

    public void Start() => new Thread(ReadToEnd) { IsBackground = true }.Start();

    /// <summary>Waits until the text of the next cell is complete. A stream without its marker is not waited for again.</summary>
    public void WaitForMarker(TimeSpan timeout)
    {
        if (!_isSilent && !_passed.Wait(timeout))
            _isSilent = true;
    }

    private void ReadToEnd()
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[1 << 16];
        var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var rest = "";
        try
        {
            while (stream.Read(bytes) is var count and > 0)
                rest = Pass(rest + new string(chars, 0, decoder.GetChars(bytes, 0, count, chars, 0)));
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // Nothing more can be read.
        }

        Give(rest);
        _isSilent = true;
        _passed.Release();
        _end.SetResult();
    }

    /// <summary>Passes text on, and returns the end of it that may be the beginning of a marker.</summary>
    private string Pass(string text)
    {
        while (text.IndexOf(_marker, StringComparison.Ordinal) is var at and >= 0)
        {
            Give(text[..at]);
            text = text[(at + _marker.Length)..];
            _markers++;
            _passed.Release();
        }

        var start = text.LastIndexOf(Separator) is var found and >= 0 && _marker.StartsWith(text[found..], StringComparison.Ordinal)
            ? found : text.Length;
        Give(text[..start]);
        return text[start..];
    }

    private void Give(string text)
    {
        if (text.Length > 0)
            received(_markers, text);
    }
}
