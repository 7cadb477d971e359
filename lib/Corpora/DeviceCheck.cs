namespace DeviceId.Corpora;

/// <summary>What a device's recordings are like.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Recordings">How many there are.</param>
/// <param name="Seconds">Their length together.</param>
/// <param name="SampleRates">All rates (Hz), ascending.</param>
/// <param name="RmsDecibels">The median of their levels (dB, 0 = full scale).</param>
/// <param name="Clipped">Recordings of which more than a thousandth is clipped.</param>
/// <param name="Silent">Recordings of which more than four fifths are silent.</param>
internal sealed record DeviceCheck(string Device, int Recordings, double Seconds, IReadOnlyList<int> SampleRates, double RmsDecibels, int Clipped, int Silent);
