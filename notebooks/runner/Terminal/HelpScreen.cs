using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DeviceId.Notebooks.Terminal;

/// <summary>The help of a command: only its own arguments and options, in the width of the terminal.</summary>
internal sealed class HelpScreen : SynchronousCommandLineAction
{
    private const string Program = "dotnet run --project notebooks/runner --";
    private const int WidestText = 100;
    private const int RedirectedWidth = 80;
    private const int Indent = 2;
    private const int WidestLabel = 24;

    /// <summary>Replaces the help of a root command and of its subcommands.</summary>
    public static void AddTo(RootCommand root) => root.Options.OfType<HelpOption>().Single().Action = new HelpScreen();

    /// <summary>Help is shown also where a required option is missing.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var width = Math.Min(WordWrap.TerminalWidth ?? RedirectedWidth, WidestText);
        foreach (var line in Lines(parseResult.CommandResult.Command, width))
            Console.WriteLine(line);
        return 0;
    }

    /// <summary>The help as lines.</summary>
    public static IEnumerable<string> Lines(Command command, int width)
    {
        var arguments = command.Arguments.Where(argument => !argument.Hidden).ToList();
        var options = command.Options.Where(option => !option.Hidden)
            .Concat(command is RootCommand ? [] : [new HelpOption()]).OrderBy(option => option is HelpOption or VersionOption).ToList();
        var lines = new List<string>();
        lines.AddRange(WordWrap.Lines(command.Description ?? "", width));
        lines.Add("");
        lines.AddRange(Usage(command, arguments).SelectMany(usage => WordWrap.Lines(usage, width, hanging: Indent)));
        Add(lines, "Commands", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? "")), width);
        Add(lines, "Arguments", arguments.Select(argument => (Label(argument), argument.Description ?? "")), width);
        Add(lines, "Options", options.Select(option => (Label(option), Describe(option))), width);
        return lines;
    }

    private static IEnumerable<string> Usage(Command command, IReadOnlyList<Argument> arguments)
    {
        var name = command is RootCommand ? "" : $" {command.Name}";
        var values = string.Concat(arguments.Select(argument =>
            argument.Arity.MaximumNumberOfValues == 1 ? $" {Label(argument)}"
                : argument.Arity.MinimumNumberOfValues > 0 ? $" {Label(argument)}..." : $" [{Label(argument)}...]"));
        yield return $"Usage: {Program}{name}{values} [options]";
        if (command.Subcommands.Count > 0)
            yield return $"       {Program} COMMAND [options]";
    }

    private static string Label(Argument argument) => argument.HelpName ?? argument.Name;

    private static string Label(Option option) => option switch
    {
        HelpOption => "-h, --help",
        { HelpName: { } value } => $"{option.Name} {value}",
        _ => option.Name,
    };

    private static string Describe(Option option) => option switch
    {
        HelpOption => "Shows this help.",
        VersionOption => "Shows the version.",
        { Required: true } => $"{option.Description} Required.",
        _ => option.Description ?? "",
    };

    private static void Add(List<string> lines, string heading, IEnumerable<(string Label, string Text)> entries, int width)
    {
        var all = entries.ToList();
        if (all.Count == 0)
            return;
        lines.Add("");
        lines.Add(heading);
        var column = Indent + Math.Min(all.Max(entry => entry.Label.Length), WidestLabel) + Indent;
        foreach (var (label, text) in all)
        {
            var described = WordWrap.Lines(text, width - column).ToList();
            if (label.Length > column - (2 * Indent))
                lines.Add($"{new string(' ', Indent)}{label}");
            else
            {
                lines.Add($"{new string(' ', Indent)}{label.PadRight(column - Indent)}{described[0]}".TrimEnd());
                described.RemoveAt(0);
            }

            lines.AddRange(described.Select(line => new string(' ', column) + line));
        }
    }
}
