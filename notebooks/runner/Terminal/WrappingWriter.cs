using System.Text;

namespace DeviceId.Notebooks.Terminal;

/// <summary>A terminal that breaks the lines written to it at spaces. What is written without a line end, such as a bar, passes.</summary>
internal sealed class WrappingWriter(TextWriter terminal, Func<int?> width) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    /// <summary>Makes the console's two streams break lines, where they go to a terminal.</summary>
    public static void Enable()
    {
        if (Console.IsOutputRedirected)
            return;
        Console.SetOut(new WrappingWriter(Console.Out, () => WordWrap.TerminalWidth));
        if (!Console.IsErrorRedirected)
            Console.SetError(new WrappingWriter(Console.Error, () => WordWrap.TerminalWidth));
    }

    public override void Write(char value) => terminal.Write(value);

    public override void Write(string? value) => terminal.Write(value);

    public override void Write(char[] buffer, int index, int count) => terminal.Write(buffer, index, count);

    public override void WriteLine() => terminal.WriteLine();

    public override void WriteLine(string? value) => terminal.WriteLine(WordWrap.Wrap(value ?? "", width()));

    public override void Flush() => terminal.Flush();
}
