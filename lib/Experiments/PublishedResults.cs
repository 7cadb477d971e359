using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>Results and claims of the paper (Zeng et al., EURASIP JASP 2021:41, Section 6), only those that it states.</summary>
internal static class PublishedResults
{
    /// <summary>Number of the paper's test samples: 45 devices x 128 sentences.</summary>
    public const int TestSamples = 5760;

    private const string Pair = "DNN + Bi-LSTM";
    private const string Weights = Pair + ", 0.25 : 0.5 : 0.25";

    private static readonly Dictionary<(string Experiment, string Variant), double> Percentages = new()
    {
        [("01-ubm-size", "64 Gaussians")] = 97.5,
        [("02-back-end", "softmax only")] = 97.4,
        [("02-back-end", "2 layers")] = 97.5,
        [("02-back-end", "3 layers")] = 97.5,
        [("03-networks", "DNN")] = 96.6,
        [("03-networks", Pair)] = 97.5,
        [("04-loss-weights", Weights)] = 97.5,
        [("04-loss-weights", Pair + ", 0.25 : 0.25 : 0.5")] = 97.5,
        [("05-attention", "attention")] = 97.5,
        [("05-attention", "concatenation")] = 97.3,
        [("06-systems", "PSTNN")] = 97.5,
    };

    private static readonly Dictionary<string, PublishedClaim[]> AllClaims = new()
    {
        ["01-ubm-size"] =
        [
            new("128 Gaussians", "64 Gaussians", Direction.Lower, null, "64 Gaussians are best"),
            new("256 Gaussians", "64 Gaussians", Direction.Lower, null, "64 Gaussians are best"),
        ],
        ["02-back-end"] =
        [
            new("softmax only", "2 layers", Direction.Lower, -0.1, "softmax only is 0.1 points below two layers"),
            new("1 layer", "2 layers", Direction.Lower, null, "two and three layers are best"),
            new("3 layers", "2 layers", Direction.Equal, 0, "two and three layers are equally good"),
        ],
        ["03-networks"] =
        [
            new("DNN", Pair, Direction.Lower, -0.9, "the pair is 0.9 points above the DNN alone"),
            new("Bi-LSTM", Pair, Direction.Lower, -27, "the pair is about 27 points above a temporal network alone"),
            new("LSTM", Pair, Direction.Lower, -27, "the pair is about 27 points above a temporal network alone"),
            .. new[] { "DNN + LSTM", "CNN + Bi-LSTM", "CNN + LSTM", "ResNet + Bi-LSTM", "ResNet + LSTM" }
                .Select(other => new PublishedClaim(other, Pair, Direction.Lower, null,
                    "DNN + Bi-LSTM is the best pair, the others up to 1.4 points below")),
            new("CNN", "DNN", Direction.Lower, null, "the DNN is the best network alone"),
            new("ResNet", "DNN", Direction.Lower, null, "the DNN is the best network alone"),
            new("ResNet + Bi-LSTM", "ResNet", Direction.Higher, null, "ResNet + Bi-LSTM is above ResNet alone"),
            new("ResNet + Bi-LSTM", "DNN", Direction.Lower, null, "ResNet + Bi-LSTM is below the DNN alone"),
            new("ResNet, half the epochs", "CNN, half the epochs", Direction.Higher, null, "at 100 epochs ResNet is above CNN"),
            new("LSTM, half the epochs", "Bi-LSTM, half the epochs", Direction.Higher, null,
                "at 100 epochs LSTM is slightly above Bi-LSTM"),
            new("Bi-LSTM", "LSTM", Direction.Higher, null, "at 200 epochs Bi-LSTM is above LSTM"),
        ],
        ["04-loss-weights"] =
        [
            new(Pair + ", 0.25 : 0.25 : 0.5", Weights, Direction.Equal, 0, "0.25 : 0.5 : 0.25 and 0.25 : 0.25 : 0.5 are equally good"),
            new(Pair + ", 0.5 : 0.25 : 0.25", Weights, Direction.Lower, null, "0.25 : 0.5 : 0.25 and 0.25 : 0.25 : 0.5 are best"),
            new(Pair + ", equal thirds", Weights, Direction.Lower, null, "0.25 : 0.5 : 0.25 and 0.25 : 0.25 : 0.5 are best"),
            new(Pair + ", single loss (deep)", Weights, Direction.Lower, null,
                "deep-and-shallow loss is up to 1 point above a single loss"),
            new("DNN + LSTM, single loss (deep)", "DNN + LSTM, 0.25 : 0.5 : 0.25", Direction.Lower, null,
                "deep-and-shallow loss is up to 1 point above a single loss"),
        ],
        ["05-attention"] = [new("concatenation", "attention", Direction.Lower, -0.2, "attention is 0.2 points above concatenation")],
        ["06-systems"] =
        [
            new("GMM-UBM", "PSTNN", Direction.Lower, -66, "PSTNN is 66 points above GMM-UBM"),
            new("GSV-SVM", "PSTNN", Direction.Lower, -4, "PSTNN is 4 points above GSV-SVM"),
            new("BED-SVM", "PSTNN", Direction.Lower, -5, "PSTNN is 5 points above BED-SVM"),
            new("2020 multi-feature CNN (reconstruction)", "PSTNN", Direction.Lower, null, "PSTNN is slightly above the previous work"),
        ],
    };

    /// <summary>The accuracy in percent that the paper states for a variant; null if it states none.</summary>
    public static double? Percent(string experiment, string variant) =>
        Percentages.TryGetValue((experiment, variant), out var percent) ? percent : null;

    /// <summary>
    /// 95 % Wilson interval of that accuracy over the paper's 5,760 test samples, assumed to be independent; null if no accuracy is stated.
    /// </summary>
    public static Interval? WilsonInterval(string experiment, string variant) => Percent(experiment, variant) is { } percent
        ? Interval.Wilson((long)Math.Round(percent / 100 * TestSamples), TestSamples) : null;

    /// <summary>The paper's testable claims about the variants of an experiment.</summary>
    public static IReadOnlyList<PublishedClaim> Claims(string experiment) =>
        AllClaims.TryGetValue(experiment, out var claims) ? claims : [];

    /// <summary>The experiments and variants that an accuracy or a claim is stated for.</summary>
    internal static IEnumerable<(string Experiment, string Variant)> Named =>
        Percentages.Keys.Concat(AllClaims.SelectMany(e => e.Value.SelectMany(c => new[] { (e.Key, c.First), (e.Key, c.Second) })))
            .Distinct();
}
