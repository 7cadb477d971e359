using System.Text;

namespace DeviceId.Notebooks.Process;

/// <summary>Replaces the console while cells run.</summary>
internal sealed class CapturingWriter(Action<string> written) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => written(value.ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
            written(value);
    }

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    // One event for text and line end, not one for each.
    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine() => Write("\n");
}
