using System.Text;

namespace DeviceId.Notebooks.Terminal;

/// <summary>A console that may go away: when its terminal has been closed, the run is saved and ends all the same.</summary>
internal sealed class SafeWriter(TextWriter console) : TextWriter
{
    private volatile bool _isLost;

    public override Encoding Encoding => console.Encoding;

    public override void Write(char value) => Try(() => console.Write(value));

    public override void Write(string? value) => Try(() => console.Write(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine() => Write(NewLine);

    public override void Flush() => Try(console.Flush);

    private void Try(Action write)
    {
        if (_isLost)
            return;
        try
        {
            write();
        }
        catch (IOException)
        {
            _isLost = true;
        }
    }
}
