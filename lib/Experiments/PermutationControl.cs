using System.Globalization;
using DeviceId.Evaluation;
using MathNet.Numerics.Distributions;

namespace DeviceId.Experiments;

/// <summary>
/// Permutation control, a test for data leakage: a system is trained on recordings whose device labels are permuted at random, so its test
/// accuracy must be at chance. An accuracy above chance shows that information about the test recordings leaks into training.
/// </summary>
/// <remarks>
/// Labels are permuted within a sentence, so answers are correlated: a system that confuses two devices does so for all their recordings.
/// With two to four devices the binomial distribution, which assumes independent answers, is therefore too narrow, and a control may be
/// above chance without a leak: repeat it with other seeds before looking for one.
/// </remarks>
internal static class PermutationControl
{
    private const double Significance = 0.05;

    /// <summary>The variant with permuted device labels.</summary>
    public static Variant Permute(Variant variant, long seed = 1) =>
        variant with { Settings = variant.Settings with { PermutedDevices = seed } };

    /// <summary>
    /// One sentence per system, and whether all systems are at chance: exact one-sided binomial tests on whole recordings, Holm-adjusted.
    /// </summary>
    /// <param name="results">Results of variants from <see cref="Permute"/>.</param>
    public static (IReadOnlyList<string> Sentences, bool Passed) Test(IReadOnlyList<VariantResult> results)
    {
        var answers = results.Select(r =>
            (r.Variant.Name, Chance: 1.0 / r.Trials[0].Devices.Count, Accuracy: Accuracy.Compute(r.Recordings))).ToList();
        var adjusted = Holm.Adjust([.. answers.Select(a => 1 - new Binomial(a.Chance, a.Accuracy.Total)
            .CumulativeDistribution(a.Accuracy.Correct - 1))]);
        var sentences = answers.Select((a, i) => string.Create(CultureInfo.InvariantCulture,
            $"{a.Name}: {a.Accuracy} of recordings, chance {100 * a.Chance:0.0} %, p = {adjusted[i]:0.000}: ")
            + (adjusted[i] < Significance ? "ABOVE CHANCE: something leaks" : "at chance"));
        return ([.. sentences], adjusted.All(p => p >= Significance));
    }
}
