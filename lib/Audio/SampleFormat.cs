namespace DeviceId.Audio;

/// <summary>Encoding of one sample in a file.</summary>
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
