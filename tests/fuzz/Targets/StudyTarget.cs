using System.Text;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Reporting;

namespace DeviceId.Fuzz;

/// <summary>Stored results of the three studies: shown as tables, or reported as damaged. Every input is read as each of them.</summary>
internal sealed class StudyTarget() : FuzzTarget("study")
{
    private const string Key = "0123456789abcdef01234567";

    private static readonly string Fingerprint = new('a', 64);

    private static readonly PhoneModelOptions Options = new();

    private static readonly RunEnvironment Here = new("m", "cpu", 1, "s", "r", "t");

    public override IEnumerable<byte[]> Seeds()
    {
        IdentificationResult[] answers = [new("a", "1", "a", 0.9), new("b", "1", "a", 0.6)];
        yield return Encoding.UTF8.GetBytes(Json.WriteCompact(new PhoneModelEvidence("c", Fingerprint, true, Options, 2, answers, answers,
            [new(1, answers[0])], [new("a", "1", true, "a", 0.8), new("b", "1", false, "a", 0.1)],
            [new("a", "1", "a", 2), new("b", "1", "a", -3)], [new("a", "b", 2, 3, true)], Here, 1.5)));
        yield return Encoding.UTF8.GetBytes(Json.WriteCompact(new WarningEvidence("c", Fingerprint, true, Options,
            [new(RobustnessCondition.Untouched, 3, 0, new Dictionary<string, int>()),
                new("gain -12 dB", 3, 2, new Dictionary<string, int> { ["level"] = 2 })], ["AMR: none"], Here)));
        var settings = Profile.Smoke.Settings;
        var given = Enum.GetValues<RobustnessSystem>().ToDictionary(system => system, _ => new OutputAnswers([0, 1, 1], [0, 1]));
        yield return Encoding.UTF8.GetBytes(Json.WriteCompact(new RobustnessSplit
        {
            Key = Key, LibraryVersion = Trial.LibraryVersion, Network = settings, Baseline = settings.AsBaseline(), Copies = 1,
            Seen = ["gain"], Untested = [], CorpusName = "c", Corpus = Fingerprint,
            IsSimulated = true, Split = "s", Seed = 1, Finished = DateTime.UnixEpoch, Environment = Here, Devices = ["a", "b"],
            Recordings = ["a/1", "b/1"], Truth = [0, 1],
            Conditions = [RobustnessCondition.Create(null, [0, 0, 1], given)],
        }));
    }

    protected override void Read(byte[] input) => WithFile(Key + ".json", input, path =>
    {
        var folder = Path.GetDirectoryName(path)!;
        var evidence = new EvidenceStore(folder);
        if (evidence.Find<PhoneModelEvidence>(Key, Fingerprint, Options, _ => true) is { } phoneModel)
        {
            var tables = new EvidenceTables(phoneModel);
            foreach (var value in new INotebookValue[] { tables.Calibration(), tables.ReliabilityPlot(), tables.Unknown(),
                tables.UnknownCurve(), tables.Verification(), tables.TippettPlot(), tables.Splices() })
                _ = value.ToHtml();
        }

        if (evidence.Find<WarningEvidence>(Key, Fingerprint, Options, _ => true) is { } warnings)
            _ = new WarningTables(warnings).Warned().ToHtml();
        var robustness = new RobustnessStore(folder);
        if (robustness.Find(Key, _ => true) is { } split)
        {
            var result = new RobustnessResult([split]);
            var report = new RobustnessReport(result);
            foreach (var value in new INotebookValue[] { report.Segments(), report.Recordings(), report.Findings() }
                .Concat(result.Names.Select(report.Curve)))
                _ = value.ToHtml();
        }

        // One input cannot be a valid result of more than one study.
        Require(evidence.Damaged.Count + robustness.Damaged.Count >= 2, "a result that cannot be used was not reported");
    });
}
