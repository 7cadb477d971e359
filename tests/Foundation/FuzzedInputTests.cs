using System.Text.RegularExpressions;
using DeviceId.Foundation;
using DeviceId.Fuzz;

namespace DeviceId.Tests.Foundation;

/// <summary>
/// What the fuzzer (tests/fuzz) has found, and what it keeps because it reaches far: every reader takes all of it, or refuses it as
/// documented.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed partial class FuzzedInputTests
{
    private static readonly string Folder = Path.Combine(TestPaths.Root, "tests", "fuzz");

    public static TheoryData<string> Targets { get; } = [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void EverySeedIsRead(string name)
    {
        var target = FuzzTargets.Named(name);
        var seeds = target.Seeds().ToList();
        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => Assert.True(target.Execute(seed)));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void WhatWasFoundInOneReaderHarmsNone(string name)
    {
        var target = FuzzTargets.Named(name);
        var files = Inputs("found").Concat(Inputs(Path.Combine("corpus", name))).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
            Feed(target, File.ReadAllBytes(file), file);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void ASeedCutShortOrWithAFewBytesChangedIsReadOrRefused(string name)
    {
        var target = FuzzTargets.Named(name);
        var seeds = target.Seeds().ToList();
        var random = new SplitMix64(1337);
        for (var round = 0; round < 200; round++)
        {
            var seed = (byte[])seeds[random.Below(seeds.Count)].Clone();
            for (var change = random.Below(3); change > 0; change--)
                seed[random.Below(seed.Length)] = (byte)random.Below(256);
            if (random.Below(2) == 0)
                seed = seed[..random.Below(seed.Length)];
            Feed(target, seed, $"round {round}");
        }
    }

    [Theory]
    [InlineData("mixture")]
    [InlineData("gmm-ubm")]
    [InlineData("svm")]
    [InlineData("gsv-svm")]
    [InlineData("network")]
    [InlineData("checkpoint")]
    [InlineData("result")]
    [InlineData("notebook")]
    [InlineData("phone-model")]
    [InlineData("scores")]
    [Trait("Speed", "Slow")]
    public void AnAbsurdNumberInADescriptionIsRefusedOrDoesNoHarm(string name)
    {
        var target = FuzzTargets.Named(name);
        foreach (var seed in target.Seeds())
        {
            // The text alone: a model's own numbers stand behind its second line, and Latin 1 gives every byte back as it was.
            var text = System.Text.Encoding.Latin1.GetString(seed);
            var end = name is "result" or "notebook" ? text.Length : text.IndexOf('\n', text.IndexOf('\n') + 1);
            foreach (Match number in Number().Matches(text[..end]))
                foreach (var absurd in new[] { "-1", "0", "1", "3", "1000", "1000000", "2147483647", "9223372036854775807", "0.5", "1e-300",
                    "1e300", "null", "[]" })
                    Feed(target, System.Text.Encoding.Latin1.GetBytes(text[..number.Index] + absurd
                        + text[(number.Index + number.Length)..]), $"{text[Math.Max(0, number.Index - 30)..number.Index]}{absurd}");
        }
    }

    [GeneratedRegex(@"(?<=[:\[,])-?[0-9][0-9.eE+-]*(?=[,\]}\s])")]
    private static partial Regex Number();

    private static IEnumerable<string> Inputs(string folder) =>
        Directory.Exists(Path.Combine(Folder, folder))
            ? Directory.GetFiles(Path.Combine(Folder, folder), "*", SearchOption.AllDirectories) : [];

    private static void Feed(FuzzTarget target, byte[] input, string what)
    {
        try
        {
            target.Execute(input);
        }
        catch (Exception error)
        {
            Assert.Fail($"{target.Name}, {what}: {error}");
        }
    }
}
