using System.Globalization;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Tests.Notebooks.Terminal;

public sealed class RunTimesTests : IDisposable
{
    private const string Committed = """
        { "00-start, quick, simulated": { "seconds": 100, "date": "2026-11-01", "cores": 8 },
          "01-next, quick, simulated": { "seconds": 200, "date": "2026-11-02", "cores": 4 } }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFirstRunIsToldWhatWasMeasuredElsewhereAndTheNextWhatItTookHere()
    {
        File.WriteAllText(_folder.File("committed.json"), Committed);
        string[] keys = [RunTimes.Key("00-start", "quick", ""), RunTimes.Key("01-next", "quick", "")];
        Assert.Equal("about 5 minutes (measured on 4 cores on 2026-11-01; less where results are stored)", Times().Describe(keys));
        var times = Times();
        times.Add(keys[0], TimeSpan.FromSeconds(1000));
        times.Save();
        Assert.StartsWith("about 20 minutes (measured on ", Times().Describe(keys), StringComparison.Ordinal);
        Assert.Contains(DateTime.UtcNow.ToString("yyyy-MM-", CultureInfo.InvariantCulture), Times().Describe([keys[0]]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasNotMeasuredIsNotGuessed()
    {
        Assert.Equal("how long this takes has not been measured yet", Times().Describe([RunTimes.Key("00-start", "paper", "/data/mine")]));
        File.WriteAllText(_folder.File("committed.json"), Committed);
        Assert.Contains("2 minutes for 1 of them, the others have not been measured (",
            Times().Describe([RunTimes.Key("00-start", "quick", ""), RunTimes.Key("02-other", "quick", "")]), StringComparison.Ordinal);
    }

    [Fact]
    public void RecordingsHaveTimesOfTheirOwnByTheNameOfTheirFolder()
    {
        Assert.Equal("00-start, quick, ccnu-mobile", RunTimes.Key("00-start", "quick", "/some/where/ccnu-mobile/"));
        Assert.NotEqual(RunTimes.Key("00-start", "quick", ""), RunTimes.Key("00-start", "quick", "/mine"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1, 2]")]
    [InlineData("""{ "00-start, quick, simulated": null }""")]
    [InlineData("""{ "00-start, quick, simulated": { "seconds": -1, "date": "2026-11-01", "cores": 2 } }""")]
    [InlineData("""{ "00-start, quick, simulated": { "seconds": 5 } }""")]
    public void ADamagedFileIsAsNone(string text)
    {
        File.WriteAllText(_folder.File("committed.json"), text);
        Assert.Equal("how long this takes has not been measured yet", Times().Describe([RunTimes.Key("00-start", "quick", "")]));
    }

    [Theory]
    [InlineData(3, "10 seconds", "3 s")]
    [InlineData(42, "50 seconds", "42 s")]
    [InlineData(95, "2 minutes", "1 min 35 s")]
    [InlineData(5000, "84 minutes", "1 h 23 min")]
    [InlineData(20000, "6 hours", "5 h 33 min")]
    public void DurationsAreRoundedUpBeforeAndExactAfter(int seconds, string rough, string exact)
    {
        Assert.Equal(rough, Duration.Rough(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(exact, Duration.Exact(TimeSpan.FromSeconds(seconds)));
    }

    private RunTimes Times() => new(_folder.File("cache/own.json"), _folder.File("committed.json"));
}
