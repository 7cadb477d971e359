using MathNet.Numerics.Distributions;

namespace DeviceId.Evaluation;

/// <summary>Two systems on the same test items: how often only one of them was right.</summary>
/// <param name="OnlyFirst">Items that only the first had right.</param>
/// <param name="OnlySecond">Items that only the second had right.</param>
/// <param name="Items">All items that both answered.</param>
public sealed record McNemar(int OnlyFirst, int OnlySecond, int Items)
{
    /// <summary>
    /// Exact two-sided probability of so uneven a division, or a more uneven one, if both systems were equally good; 1 when they never
    /// differ.
    /// </summary>
    /// <remarks>
    /// Q. McNemar, Psychometrika 12, 1947, in the exact form: given that one of the two was right, each is so with probability 1/2. Items
    /// are taken as independent; segments of one recording are not, so over segments the probability comes out too small.
    /// </remarks>
    public double PValue
    {
        get
        {
            var discordant = OnlyFirst + OnlySecond;
            return discordant == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, discordant, Math.Min(OnlyFirst, OnlySecond)));
        }
    }

    /// <summary>Pairs the answers by item; what only one of the two answered is left out.</summary>
    /// <param name="first">Answers of one system.</param>
    /// <param name="second">Answers of the other.</param>
    public static McNemar Test(IEnumerable<Answer> first, IEnumerable<Answer> second)
    {
        var other = second.ToDictionary(answer => answer.Item);
        var pairs = first.Where(answer => other.ContainsKey(answer.Item))
            .Select(answer => (First: answer.IsRight, Second: other[answer.Item].IsRight)).ToList();
        return new McNemar(pairs.Count(p => p.First && !p.Second), pairs.Count(p => p.Second && !p.First), pairs.Count);
    }
}
