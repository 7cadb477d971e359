using MathNet.Numerics.Distributions;

namespace DeviceId.Evaluation;

/// <summary>McNemar's test of two systems on the same test items, by their discordant pairs.</summary>
/// <param name="OnlyFirst">Number of items that only the first system answered correctly.</param>
/// <param name="OnlySecond">Number of items that only the second system answered correctly.</param>
/// <param name="Items">Number of items that both systems answered.</param>
public sealed record McNemar(int OnlyFirst, int OnlySecond, int Items)
{
    /// <summary>Exact two-sided p-value of the hypothesis that both systems are equally accurate; 1 without discordant pairs.</summary>
    /// <remarks>
    /// Q. McNemar, Psychometrika 12, 1947, in the exact form: in a discordant pair each system is the correct one with probability 1/2.
    /// Items are assumed to be independent. Segments of one recording are not, so over segments the p-value is too small.
    /// </remarks>
    public double PValue
    {
        get
        {
            var discordant = OnlyFirst + OnlySecond;
            return discordant == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, discordant, Math.Min(OnlyFirst, OnlySecond)));
        }
    }

    /// <summary>Pairs the answers by item and tests them; items that only one of the two answered are left out.</summary>
    /// <param name="first">Answers of one system.</param>
    /// <param name="second">Answers of the other system.</param>
    public static McNemar Test(IEnumerable<Answer> first, IEnumerable<Answer> second)
    {
        var answersOfSecond = second.ToDictionary(answer => answer.Item);
        var pairs = first.Where(answer => answersOfSecond.ContainsKey(answer.Item))
            .Select(answer => (First: answer.IsRight, Second: answersOfSecond[answer.Item].IsRight)).ToList();
        return new McNemar(pairs.Count(p => p.First && !p.Second), pairs.Count(p => p.Second && !p.First), pairs.Count);
    }
}
