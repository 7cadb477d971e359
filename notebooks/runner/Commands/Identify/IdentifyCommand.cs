using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace DeviceId.Notebooks.Commands;

/// <summary>"identify": which device made these recordings?</summary>
internal static class IdentifyCommand
{
    /// <summary>The choice of channel that gives an answer for each.</summary>
    public const string EachChannel = "each";

    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "Questioned recordings, or folders of them; - for standard input.",
        Arity = ArgumentArity.OneOrMore
    };

    private static readonly Option<string?> Asked = new("--asked")
    {
        Description = "The device in question, for the likelihood ratio: was it this one? Default: the first candidate.",
        HelpName = "NAME"
    };

    private static readonly Option<double> FalseAlarms = CreateFalseAlarms();
    private static readonly Option<string> Channel = CreateChannel();
    private static readonly Option<string?> Report = new Option<string?>("--report")
    {
        Description = "Folder for a page about each recording (HTML).",
        HelpName = "DIR",
    }.NotEmpty();

    private static readonly Option<string?> JsonFile = new Option<string?>("--json")
    {
        Description = "File for all results, as JSON (docs/identify-json.md).",
        HelpName = "FILE"
    }.NotEmpty();

    private static readonly Option<string?> CsvFile = new Option<string?>("--csv")
    {
        Description = "File with one line per recording, as CSV.",
        HelpName = "FILE"
    }.NotEmpty();

    public static Command Create()
    {
        var identify = new Command("identify",
            "Names the device of each recording, using a model from 'train', or says that it is none of the known devices.");
        identify.Arguments.Add(Files);
        foreach (var option in new Option[] { SharedOptions.Model, Channel, Asked, FalseAlarms, Report, JsonFile, CsvFile,
            SharedOptions.Force, SharedOptions.Device })
            identify.Options.Add(option);
        identify.SetAction(parsed =>
        {
            LibraryLoader.Enable();
            return CommandLine.RunCommand(() => Start(parsed));
        });
        return identify;
    }

    private static int Start(ParseResult parsed) => IdentifyRun.Start(new IdentifyOptions(
        Path.GetFullPath(parsed.GetValue(SharedOptions.Model) ?? "phones.model"),
        parsed.GetValue(Files)!,
        parsed.GetValue(Channel)!,
        parsed.GetValue(Asked),
        parsed.GetValue(FalseAlarms),
        FullPath(parsed.GetValue(Report)),
        FullPath(parsed.GetValue(JsonFile)),
        FullPath(parsed.GetValue(CsvFile)),
        parsed.GetValue(SharedOptions.Force),
        parsed.GetValue(SharedOptions.Device) ?? "cpu"));

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private static Option<string> CreateChannel() => new("--channel")
    {
        Description = "The channel of a recording with several: speech (the first with speech), mean, each (an answer for each), or its "
            + "number from 1. Default: speech.",
        HelpName = "NAME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text is not ("speech" or "mean" or EachChannel)
                && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
                result.AddError($"--channel: '{text}' is not speech, mean, each, or the number of a channel from 1.");
            return text;
        },
        DefaultValueFactory = _ => "speech",
    };

    private static Option<double> CreateFalseAlarms() => new("--false-alarms")
    {
        Description = "Accepted rate of false alarms, from 0 to 1: recordings of unknown devices that are named. Default: 0.05.",
        HelpName = "RATE",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
                && rate is >= 0 and <= 1)
                return rate;
            result.AddError($"--false-alarms: '{result.Tokens[0].Value}' is not a number from 0 to 1, such as 0.05.");
            return 0;
        },
        DefaultValueFactory = _ => 0.05,
    };
}
