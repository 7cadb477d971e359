using System.Globalization;
using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>An answer about a questioned recording in sentences: the same on the console, in a notebook and on the page.</summary>
internal sealed class IdentificationText
{
    private const int MaxParts = 3;

    private readonly PhoneModel _model;
    private readonly QuestionedRecording _questioned;
    private readonly double _falseAlarms;

    /// <summary>Prepares the sentences.</summary>
    /// <param name="model">The model that was asked.</param>
    /// <param name="questioned">What it says.</param>
    /// <param name="asked">The device that the question is about; null for the model's first candidate.</param>
    /// <param name="falseAlarms">The share of recordings of unknown devices that may be named, in [0, 1].</param>
    /// <exception cref="ArgumentException">The model does not know the device that is asked about.</exception>
    public IdentificationText(PhoneModel model, QuestionedRecording questioned, string? asked = null,
        double falseAlarms = Identification.Identification.UsualFalseAlarms)
    {
        if (asked is not null && !model.Facts.Devices.Contains(asked))
            throw new ArgumentException($"The model knows no device '{asked}'; it knows {string.Join(", ", model.Facts.Devices)}.",
                nameof(asked));
        (_model, _questioned, _falseAlarms, Asked) = (model, questioned, falseAlarms, asked
            ?? questioned.Identification.Candidates[0].Device);
    }

    /// <summary>The device that the likelihood ratio is about.</summary>
    public string Asked { get; }

    /// <summary>
    /// The answer in a few words: a device or "none of these"; where the parts look like different devices it says of which.
    /// </summary>
    public string Answer => (Name, Parts.Count) switch
    {
        (null, <= 1) => $"none of the model's {_model.Facts.Devices.Count} devices",
        (null, _) => $"none of the model's {_model.Facts.Devices.Count} devices for all of it; parts look like {Listed(Parts)}",
        ({ } name, _) => Parts.Where(part => part != name).ToList() is { Count: > 0 } others
            ? $"{name}, but parts look like {Listed(others)}" : name,
    };

    /// <summary>The answer as a heading: names stay as they are spelt.</summary>
    public string Heading => Name is null ? Capital(Answer) : Answer;

    /// <summary>What probability, unknown devices and likelihood ratio say, a sentence each.</summary>
    public IReadOnlyList<string> Sentences => [.. new[] { Probability, Unknown, Ratio }.Where(s => s.Length > 0)];

    /// <summary>What the probability is, and of what.</summary>
    public string Probability => Say(
        $"If one of the {_model.Facts.Devices.Count} devices made the recording, it was {First.Device} with a probability of {Percent(First.Probability)}{Second}{(Name is null ? ": but it looks as if none of them did" : "")}.");

    /// <summary>How often an unknown device looks as much like a known one; empty where that is not known.</summary>
    public string Unknown => _questioned.Identification.FalseAlarms is not { } rate || _model.SimilarityCalibration is not { } likeness
        ? "" : Say(
        $"Of {likeness.Unknown} recordings of devices held out as unknown, {rate * likeness.Unknown:0} looked at least as much like one of the known devices; a device is named where {(_falseAlarms > 0 ? $"at most one in {Say($"{1 / _falseAlarms:0.#}")} did" : "none did")}.");

    /// <summary>The likelihood ratio in numbers and words; empty where the model gives none.</summary>
    public string Ratio => Comparison is not { } comparison ? "" : Say(
        $"{Capital(VerbalScale.Describe(comparison.LogRatio))}: what is measured is {Times(comparison.LogRatio)} if {Asked} made the recording than if a device that nobody has seen did (likelihood ratio {Number(comparison.LogRatio)}).");

    /// <summary>What the answer does not say.</summary>
    public IReadOnlyList<string> Limits =>
    [
        Say($"The model was learnt from {_model.Facts.Recordings} recordings of {_model.Facts.Devices.Count} devices ({_model.Facts.Seconds / 60:0} minutes); of recordings held out from its training it named {_model.Calibration.Right} of {_model.Calibration.Recordings} rightly."),
        "Where all recordings of a device were made on one occasion, what was learnt of the device cannot be told from what was peculiar to the occasion (room, distance, settings).",
        .. _model.SimilarityCalibration is not { } likeness ? (IEnumerable<string>)[] :
            [Say($"The likelihood ratio rests on {likeness.Same} recordings asked about their own device and {likeness.Different} pairs of a recording and another device, and is never given beyond what so many can support; its words are those of the ENFSI guideline for evaluative reporting (2015). Devices of one model are harder to tell apart than others.")],
        "A recording that nothing is warned of may still have been changed: mild noise, rooms, changes of volume and codecs of high quality often go unnoticed.",
        "A likelihood ratio is not a probability that the device made the recording: that also depends on everything else that is known of the case.",
    ];

    private string? Name => _questioned.Identification.Answer(_falseAlarms);

    private Candidate First => _questioned.Identification.Candidates[0];

    private DeviceComparison? Comparison =>
        _questioned.Identification.Comparisons.Where(c => c.Device == Asked).Select(c => (DeviceComparison?)c).FirstOrDefault();

    private string Second => _questioned.Identification.Candidates.Count > 1
        && _questioned.Identification.Candidates[1] is { Probability: >= 0.0005 } second
        ? $" (next {second.Device}, {Percent(second.Probability)})" : "";

    private IReadOnlyList<string> Parts => [.. _questioned.Identification.SplicedSegments.Select(p => p.Device).Distinct()];

    /// <summary>The first few of many names, so that a heading stays one.</summary>
    private static string Listed(IReadOnlyList<string> names) =>
        string.Join(" and ", names.Count <= MaxParts ? names : [.. names.Take(MaxParts - 1), $"{names.Count - MaxParts + 1} others"]);

    /// <summary>A likelihood ratio to three digits, without powers of ten.</summary>
    /// <param name="logRatio">Its natural logarithm.</param>
    internal static string Number(double logRatio) => Digits(Math.Exp(logRatio), 3);

    private static string Times(double logRatio) =>
        Say($"{Digits(Math.Exp(Math.Abs(logRatio)), 2)} times {(logRatio >= 0 ? "more" : "less")} likely");

    private static string Digits(double value, int digits)
    {
        var places = digits - 1 - (int)Math.Floor(Math.Log10(value));
        return places >= 0 ? value.ToString($"F{places}", CultureInfo.InvariantCulture)
            : (Math.Round(value / Math.Pow(10, -places)) * Math.Pow(10, -places)).ToString("N0", CultureInfo.InvariantCulture);
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string Percent(double share) => Say($"{100 * share:0.0} %");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
