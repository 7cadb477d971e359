using System.Runtime.InteropServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>A page-aligned buffer of float32 values, initially zero, whose last page holds nothing else.</summary>
/// <remarks>
/// Aligned, because the load of a register then never crosses a cache line. Padded, because the hardware prefetcher reads ahead up to the
/// end of the page: if another thread's values lay there, its core would lose their cache lines repeatedly (false sharing).
/// </remarks>
internal sealed class AlignedBuffer
{
    private const int PageBytes = 4096;
    private readonly float[] _array;
    private readonly int _offset;

    public AlignedBuffer(int length)
    {
        _array = GC.AllocateArray<float>(length + (2 * PageBytes / sizeof(float)), pinned: true);
        var misalignment = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % PageBytes);
        (_offset, Length) = ((PageBytes - misalignment) % PageBytes / sizeof(float), length);
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_offset, Length);

    public ref float this[int index] => ref _array[_offset + index];
}
