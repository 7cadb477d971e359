namespace DeviceId.Evaluation;

/// <summary>Two devices that were taken for each other.</summary>
/// <param name="First">One device.</param>
/// <param name="Second">The other.</param>
/// <param name="FirstAsSecond">Samples of the first given to the second.</param>
/// <param name="SecondAsFirst">Samples of the second given to the first.</param>
/// <param name="Samples">Samples of both.</param>
internal sealed record ConfusedPair(string First, string Second, int FirstAsSecond, int SecondAsFirst, int Samples)
{
    /// <summary>Confusions in both directions.</summary>
    public int Confusions => FirstAsSecond + SecondAsFirst;
}
