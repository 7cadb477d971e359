using System.Globalization;
using DeviceId.Evaluation;
using MathNet.Numerics.Distributions;

namespace DeviceId.Experiments;

/// <summary>
/// The control that every system must fail: trained on recordings whose devices were dealt out at random, it can know nothing of the test
/// recordings. One that is right more often than by chance has seen what it must not see.
/// </summary>
/// <remarks>
/// The names are dealt out within a sentence, where right answers come together: a system that takes one device for another takes all its
/// recordings so. Of two to four devices the binomial distribution, which takes answers as independent, is too narrow therefore, and a
/// control may be above chance without a leak: repeat it with other seeds before looking for one.
/// </remarks>
internal static class PermutationControl
{
    private const double Significance = 0.05;

    /// <summary>The variant as a control.</summary>
    public static Variant Permute(Variant variant, long seed = 1) =>
        variant with { Settings = variant.Settings with { PermutedDevices = seed } };

    /// <summary>
    /// One sentence a system, and whether all of them are at chance: exact binomial test on whole recordings, one-sided, Holm-corrected.
    /// </summary>
    /// <param name="results">Results of controls.</param>
    public static (IReadOnlyList<string> Sentences, bool Passed) Judge(IReadOnlyList<VariantResult> results)
    {
        var answers = results.Select(r =>
            (r.Variant.Name, Chance: 1.0 / r.Trials[0].Devices.Count, Accuracy: Accuracy.Compute(r.Recordings))).ToList();
        var adjusted = Holm.Adjust([.. answers.Select(a => 1 - new Binomial(a.Chance, a.Accuracy.Total)
            .CumulativeDistribution(a.Accuracy.Correct - 1))]);
        var sentences = answers.Select((a, i) => string.Create(CultureInfo.InvariantCulture,
            $"{a.Name}: {a.Accuracy} of recordings, chance {100 * a.Chance:0.0} %, p = {adjusted[i]:0.000}: {(adjusted[i] < Significance ? "ABOVE CHANCE: something leaks" : "at chance")}"));
        return ([.. sentences], adjusted.All(p => p >= Significance));
    }
}
