namespace DeviceId.Audio;

/// <summary>How a sample is written in a file.</summary>
internal enum SampleFormat
{
    Unsigned8,
    Signed8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
}
