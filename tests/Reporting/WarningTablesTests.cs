using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed class WarningTablesTests
{
    [Fact]
    public void PercentagesAreOfRecordingsAndTheMostFrequentAspectComesFirst()
    {
        WarningRow[] rows = [new("undegraded", 40, 1, new Dictionary<string, int> { ["level"] = 1 }),
            new("white noise, 10 dB", 40, 30, new Dictionary<string, int> { ["level"] = 2, ["spectrum"] = 30 })];
        var table = new WarningTables(new WarningEvidence("phones", new string('a', 64), true, new PhoneModelOptions(), rows,
            ["AMR: no encoder."], new RunEnvironment("m", "cpu", 1, "s", "r", "t"))).Warned();
        // Wilson's interval of 30 out of 40, computed by hand: centre (0.75 + z²/80) / (1 + z²/40), z = 1.96.
        Assert.Equal(["white noise, 10 dB", "75.0 [59.8, 85.8]", "spectrum 75.0, level 5.0"], table.Rows[1]);
        Assert.Equal("2.5", table.Rows[0][1].Split(' ')[0]);
        Assert.Contains("simulated", table.Note, StringComparison.Ordinal);
        Assert.Contains("Not tested: AMR: no encoder.", table.Note, StringComparison.Ordinal);
    }
}
