using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>A <see cref="MicroKernel"/> of four rows, for the last rows of a matrix: eight rows need no padding to twelve.</summary>
internal static class LowMicroKernel
{
    /// <summary>Rows of the micro-kernel.</summary>
    public const int Rows = 4;

    /// <inheritdoc cref="MicroKernel.Multiply{T}"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<T>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, bool overwrite)
        where T : struct, ISimdVector<T>
    {
        nint w = T.Count, a2 = 2 * aRow, a3 = 3 * aRow;
        ref var r1 = ref Unsafe.Add(ref c, cRow);
        ref var r2 = ref Unsafe.Add(ref r1, cRow);
        ref var r3 = ref Unsafe.Add(ref r2, cRow);
        var zero = T.Broadcast(0);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        if (!overwrite)
        {
            (c00, c01) = (T.Load(ref c), T.Load(ref Unsafe.Add(ref c, w)));
            (c10, c11) = (T.Load(ref r1), T.Load(ref Unsafe.Add(ref r1, w)));
            (c20, c21) = (T.Load(ref r2), T.Load(ref Unsafe.Add(ref r2, w)));
            (c30, c31) = (T.Load(ref r3), T.Load(ref Unsafe.Add(ref r3, w)));
        }

        for (nint remaining = inner; remaining > 0; remaining--)
        {
            var b0 = T.Load(ref b);
            var b1 = T.Load(ref Unsafe.Add(ref b, w));
            var x = T.Broadcast(a);
            T.AddProduct(ref c00, x, b0);
            T.AddProduct(ref c01, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, aRow));
            T.AddProduct(ref c10, x, b0);
            T.AddProduct(ref c11, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, a2));
            T.AddProduct(ref c20, x, b0);
            T.AddProduct(ref c21, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, a3));
            T.AddProduct(ref c30, x, b0);
            T.AddProduct(ref c31, x, b1);
            a = ref Unsafe.Add(ref a, aInner);
            b = ref Unsafe.Add(ref b, bRow);
        }

        T.Store(c00, ref c);
        T.Store(c01, ref Unsafe.Add(ref c, w));
        T.Store(c10, ref r1);
        T.Store(c11, ref Unsafe.Add(ref r1, w));
        T.Store(c20, ref r2);
        T.Store(c21, ref Unsafe.Add(ref r2, w));
        T.Store(c30, ref r3);
        T.Store(c31, ref Unsafe.Add(ref r3, w));
    }
}
