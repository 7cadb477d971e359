using System.CommandLine;
using DeviceId.Notebooks;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Tests.Notebooks.Terminal;

public sealed class HelpScreenTests
{
    public static TheoryData<string> Commands =>
        ["", "run", "train", "identify", "evaluate", "cluster", "report", "install-kernel", "doctor", "licences"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void EveryHelpFitsInto80ColumnsWithItsOwnOptionsInShortWords(string name)
    {
        var command = Find(name);
        var lines = HelpScreen.Lines(command, 80).ToList();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.All(command.Options.Where(option => !option.Hidden), option =>
            Assert.Contains(lines, line => line.StartsWith("  " + option.Name, StringComparison.Ordinal)
                || line.Contains(", " + option.Name, StringComparison.Ordinal)));
        Assert.All(command.Options, option => Assert.True(option.HelpName is null or { Length: <= 12 }, option.Name));
        Assert.DoesNotContain(lines, line => line.Contains('|'));
    }

    [Fact]
    public void ASubcommandShowsNoArgumentOfTheRoot()
    {
        Assert.DoesNotContain(HelpScreen.Lines(Find("train"), 80), line => line.Contains("NOTEBOOK", StringComparison.Ordinal));
        Assert.Contains(HelpScreen.Lines(Find("train"), 80),
            line => line == "Usage: dotnet run --project notebooks/runner -- train [options]");
        Assert.Contains(HelpScreen.Lines(Find("identify"), 80),
            line => line == "Usage: dotnet run --project notebooks/runner -- identify FILE... [options]");
        Assert.Contains(HelpScreen.Lines(Find("cluster"), 80),
            line => line == "Usage: dotnet run --project notebooks/runner -- cluster DIR [options]");
        Assert.Contains(HelpScreen.Lines(Find(""), 80), line => line.Contains("[NOTEBOOK...]", StringComparison.Ordinal));
    }

    [Fact]
    public void HelpIsShownAlsoWhereARequiredOptionIsMissing() => Assert.Empty(CommandLine.CreateRoot().Parse(["train", "--help"]).Errors);

    [Fact]
    public void ARequiredOptionSaysSo() => Assert.Contains("Required.",
        string.Join(' ', HelpScreen.Lines(Find("train"), 80)), StringComparison.Ordinal);

    private static Command Find(string name)
    {
        var root = CommandLine.CreateRoot();
        return name.Length == 0 ? root : root.Subcommands.Single(command => command.Name == name);
    }
}
