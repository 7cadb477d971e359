using System.Reflection;
using System.Text.Json;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;

namespace DeviceId.Tests.Foundation;

/// <summary>What a stored result records of its settings, and what its key is made from.</summary>
public sealed class SettingsContractTests
{
    /// <summary>The settings at the time when results were stored.</summary>
    private sealed record Before : Options
    {
        public int Size { get; init; } = 3;

        public override IEnumerable<string> Problems() => [];
    }

    /// <summary>The same with a setting added later; its default is what was computed before.</summary>
    private sealed record After : Options
    {
        public int Size { get; init; } = 3;

        [AbsentValue(0)]
        public double Added { get; init; }

        public override IEnumerable<string> Problems() => [];
    }

    /// <summary>The same, later still: the default has been changed.</summary>
    private sealed record Later : Options
    {
        public int Size { get; init; } = 3;

        [AbsentValue(0)]
        public double Added { get; init; } = 0.5;

        [NotInKey]
        public string Fact { get; init; } = "measured";

        public int Twice => 2 * Size;

        public override IEnumerable<string> Problems() => [];
    }

    [Fact]
    public void ASettingAddedLaterLeavesTheKeysOfOlderResultsUnchanged() =>
        Assert.Equal(Json.WriteKey(new Before()), Json.WriteKey(new After()));

    [Fact]
    public void AChangedDefaultChangesTheKeysOfResultsThatUseIt()
    {
        Assert.NotEqual(Json.WriteKey(new After()), Json.WriteKey(new Later()));
        Assert.Equal(Json.WriteKey(new After()), Json.WriteKey(new Later { Added = 0 }));
    }

    [Fact]
    public void AFileWithoutALaterSettingIsReadWithTheValueThatItWasComputedWith()
    {
        Assert.Equal(0, Json.Read<After>("""{"size":7}""").Added);
        Assert.Equal(0, Json.Read<Later>("""{"size":7,"fact":"f"}""").Added);
        Assert.Equal(0.25, Json.Read<Later>("""{"size":7,"fact":"f","added":0.25}""").Added);
    }

    [Fact]
    public void AMissingSettingIsNotFilledInWithTodaysDefault() =>
        Assert.Contains("size", Assert.Throws<JsonException>(() => Json.Read<Before>("{}")).Message, StringComparison.Ordinal);

    [Fact]
    public void FactsAreStoredButNotInTheKeyAndComputedPropertiesAreInNeither()
    {
        Assert.Equal("""{"size":3,"added":0.5,"fact":"measured"}""", Json.WriteCompact(new Later()));
        Assert.Equal("""{"size":3,"added":0.5}""", Json.WriteKey(new Later()));
    }

    [Fact]
    public void SettingsAreWrittenInFullIncludingNulls()
    {
        var text = Json.WriteKey<FeatureOptions>(MfccOptions.AsWritten);
        Assert.StartsWith("""{"kind":"mfcc",""", text, StringComparison.Ordinal);
        Assert.Contains("\"filters\":null", text, StringComparison.Ordinal);
        Assert.Contains("\"frameMilliseconds\":30", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dimension", text, StringComparison.Ordinal);
        Assert.Equal(MfccOptions.AsWritten, Json.Read<FeatureOptions>(text));
    }

    [Fact]
    public void EverySettingsClassWithAnAbstractBaseHasAUniqueKind()
    {
        var library = typeof(Trial).Assembly.GetTypes();
        var bases = library.Where(type => type.IsAbstract && type != typeof(Options) && typeof(Options).IsAssignableFrom(type)).ToList();
        Assert.Equal(8, bases.Count);
        foreach (var settings in bases)
        {
            var kinds = library.Where(type => !type.IsAbstract && settings.IsAssignableFrom(type)).ToList();
            Assert.NotEmpty(kinds);
            Assert.All(kinds, kind => Assert.True(kind.GetCustomAttribute<OptionsKindAttribute>() is not null,
                $"{kind.Name} has no [OptionsKind]"));
            Assert.Equal(kinds.Count, kinds.Select(kind => kind.GetCustomAttribute<OptionsKindAttribute>()!.Name).Distinct().Count());
        }
    }

    [Fact]
    public void SettingsWithoutTheirKindAreRefused() =>
        Assert.Contains("discriminator", Assert.Throws<JsonException>(() => Json.Read<FeatureOptions>("{}")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void AnUnknownKindIsAnErrorThatNamesIt() =>
        Assert.Contains("cepstrum of the future", Assert.Throws<JsonException>(
            () => Json.Read<FeatureOptions>("""{"kind":"cepstrum of the future"}""")).Message, StringComparison.Ordinal);
}
