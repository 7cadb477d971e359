using System.Globalization;
using DeviceId.Evaluation;
using DeviceId.Identification;
using static System.FormattableString;

namespace DeviceId.Reporting;

/// <summary>A model's answer about a questioned recording in sentences, for the console, notebooks and the HTML page.</summary>
internal sealed class IdentificationText
{
    private const int MaxParts = 3;

    private readonly PhoneModel _model;
    private readonly QuestionedRecording _questioned;
    private readonly double _falseAlarms;

    /// <summary>Prepares the sentences.</summary>
    /// <param name="model">The model.</param>
    /// <param name="questioned">The questioned recording with the model's answer.</param>
    /// <param name="claimedDevice">The device that the likelihood ratio is about; null for the model's first candidate.</param>
    /// <param name="falseAlarms">
    /// Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named, in [0, 1].
    /// </param>
    /// <exception cref="ArgumentException">The model does not know the claimed device.</exception>
    public IdentificationText(PhoneModel model, QuestionedRecording questioned, string? claimedDevice = null,
        double falseAlarms = Identification.Identification.DefaultFalseAlarms)
    {
        if (claimedDevice is not null && !model.Facts.Devices.Contains(claimedDevice))
            throw new ArgumentException($"The model knows no device '{claimedDevice}'; it knows {string.Join(", ", model.Facts.Devices)}.",
                nameof(claimedDevice));
        (_model, _questioned, _falseAlarms) = (model, questioned, falseAlarms);
        ClaimedDevice = claimedDevice ?? questioned.Identification.Candidates[0].Device;
    }

    /// <summary>The device that the likelihood ratio is about.</summary>
    public string ClaimedDevice { get; }

    /// <summary>
    /// The answer in a few words: a device or "none of these", and the devices of the parts if they look like different devices.
    /// </summary>
    public string Answer => (Name, Parts.Count) switch
    {
        (null, <= 1) => $"none of the model's {_model.Facts.Devices.Count} devices",
        (null, _) => $"none of the model's {_model.Facts.Devices.Count} devices for all of it; parts look like {List(Parts)}",
        ({ } name, _) => Parts.Where(part => part != name).ToList() is { Count: > 0 } others
            ? $"{name}, but parts look like {List(others)}" : name,
    };

    /// <summary>The answer as a heading: a capital first letter, but names stay as they are spelt.</summary>
    public string Heading => Name is null ? Capitalise(Answer) : Answer;

    /// <summary>Probability, comparison with unknown devices, and likelihood ratio: a sentence each.</summary>
    public IReadOnlyList<string> Sentences => [.. new[] { Probability, Unknown, Ratio }.Where(s => s.Length > 0)];

    /// <summary>The probability of the first candidate, and its condition.</summary>
    public string Probability => $"If one of the {_model.Facts.Devices.Count} devices made the recording, it was {First.Device} with a "
        + $"probability of {Percent(First.Probability)}{Second}{(Name is null ? ": but it looks as if none of them did" : "")}.";

    /// <summary>How often recordings of unknown devices are as similar to a known device; empty if that is not known.</summary>
    public string Unknown
    {
        get
        {
            if (_questioned.Identification.FalseAlarms is not { } rate || _model.SimilarityCalibration is not { } calibration)
                return "";
            var accepted = _falseAlarms > 0 ? Invariant($"at most one in {1 / _falseAlarms:0.#} was") : "none was";
            return Invariant($"Of {calibration.Unknown} recordings of devices held out as unknown, {rate * calibration.Unknown:0} were at ")
                + $"least as similar to one of the known devices; a device is named only if {accepted}.";
        }
    }

    /// <summary>The likelihood ratio in words and numbers; empty if the model gives none.</summary>
    public string Ratio => Comparison is not { } comparison ? ""
        : $"{Capitalise(VerbalScale.Describe(comparison.LogRatio))}: the measured spectrum is {Times(comparison.LogRatio)} if "
            + $"{ClaimedDevice} made the recording than if an unknown device did (likelihood ratio {Number(comparison.LogRatio)}).";

    /// <summary>Limits of the answer, a sentence or two each.</summary>
    public IReadOnlyList<string> Limits
    {
        get
        {
            var (facts, calibration) = (_model.Facts, _model.Calibration);
            var limits = new List<string>
            {
                Invariant($"The model was trained on {facts.Recordings} recordings of {facts.Devices.Count} devices ")
                    + Invariant($"({facts.Seconds / 60:0} minutes); it identified {calibration.Right} of {calibration.Recordings} ")
                    + "held-out recordings correctly.",
                "If all recordings of a device were made on one occasion, the model cannot separate the device from that occasion (room, "
                    + "distance, settings).",
            };
            if (_model.SimilarityCalibration is { } similarity)
                limits.Add($"The likelihood ratio is based on {similarity.Same} recordings compared with their own device and "
                    + $"{similarity.Different} comparisons with another one, and is limited to what these support; its words are those of "
                    + "the ENFSI guideline for evaluative reporting (2015). Devices of one model are harder to tell apart than others.");
            limits.Add("A recording without warnings may still have been changed: mild noise, rooms, changes of volume and codecs of high "
                + "quality often go unnoticed.");
            limits.Add("A likelihood ratio is not the probability that the device made the recording: that also depends on the other facts "
                + "of the case.");
            return limits;
        }
    }

    private string? Name => _questioned.Identification.Answer(_falseAlarms);

    private Candidate First => _questioned.Identification.Candidates[0];

    private DeviceComparison? Comparison =>
        _questioned.Identification.Comparisons.Where(c => c.Device == ClaimedDevice).Select(c => (DeviceComparison?)c).FirstOrDefault();

    private string Second => _questioned.Identification.Candidates.Count > 1
        && _questioned.Identification.Candidates[1] is { Probability: >= 0.0005 } second
        ? $" (next {second.Device}, {Percent(second.Probability)})" : "";

    private IReadOnlyList<string> Parts => [.. _questioned.Identification.SplicedSegments.Select(p => p.Device).Distinct()];

    /// <summary>Joins names, abbreviated so that a heading stays short.</summary>
    private static string List(IReadOnlyList<string> names) =>
        string.Join(" and ", names.Count <= MaxParts ? names : [.. names.Take(MaxParts - 1), $"{names.Count - MaxParts + 1} others"]);

    /// <summary>A likelihood ratio with three significant digits, without powers of ten.</summary>
    /// <param name="logRatio">Natural logarithm of the ratio.</param>
    internal static string Number(double logRatio) => SignificantDigits(Math.Exp(logRatio), 3);

    private static string Times(double logRatio) =>
        $"{SignificantDigits(Math.Exp(Math.Abs(logRatio)), 2)} times {(logRatio >= 0 ? "more" : "less")} likely";

    private static string SignificantDigits(double value, int digits)
    {
        var places = digits - 1 - (int)Math.Floor(Math.Log10(value));
        return places >= 0 ? value.ToString($"F{places}", CultureInfo.InvariantCulture)
            : (Math.Round(value / Math.Pow(10, -places)) * Math.Pow(10, -places)).ToString("N0", CultureInfo.InvariantCulture);
    }

    private static string Capitalise(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string Percent(double proportion) => Invariant($"{100 * proportion:0.0} %");
}
