namespace DeviceId.Evaluation;

/// <summary>Answers of about the same confidence.</summary>
/// <param name="Low">Least confidence of the bin.</param>
/// <param name="High">Greatest confidence of the bin.</param>
/// <param name="Count">Answers in it.</param>
/// <param name="Confidence">Their mean confidence; NaN without answers.</param>
/// <param name="Accuracy">The share of them that is right; NaN without answers.</param>
internal readonly record struct ReliabilityBin(double Low, double High, int Count, double Confidence, double Accuracy);
